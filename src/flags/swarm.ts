/** Classic Swarm's flags of `create`: accepted and kept in the record, as docker-machine kept them. */
import { Flags } from '@oclif/core'
import { UsageError } from '../errors.ts'
import { NO_SWARM_OPTIONS, type SwarmOptions } from '../machine/record.ts'
import { list } from './types.ts'

type Flagged = Readonly<Record<string, unknown>>
type Env = Readonly<Record<string, string | undefined>>

const SWARM = 'SWARM'

export const swarmFlags = {
  swarm: Flags.boolean({
    description: 'join a swarm (kept in the record; set up in a later version)',
    helpGroup: SWARM,
  }),
  'swarm-master': Flags.boolean({ description: 'manage a swarm (likewise)', helpGroup: SWARM }),
  'swarm-discovery': Flags.string({ description: 'discovery of the swarm', helpGroup: SWARM, helpValue: 'URL' }),
  'swarm-image': Flags.string({
    description: `image of swarm (env MACHINE_SWARM_IMAGE, default ${NO_SWARM_OPTIONS.Image})`,
    helpGroup: SWARM,
  }),
  'swarm-strategy': Flags.string({
    description: `scheduling strategy (default ${NO_SWARM_OPTIONS.Strategy})`,
    helpGroup: SWARM,
  }),
  'swarm-opt': list({ description: 'option of the manager, key=value; repeatable', helpGroup: SWARM }),
  'swarm-join-opt': list({ description: 'option of joining, key=value; repeatable', helpGroup: SWARM }),
  'swarm-host': Flags.string({
    description: `where the manager listens (default ${NO_SWARM_OPTIONS.Host})`,
    helpGroup: SWARM,
    helpValue: 'URL',
  }),
  'swarm-addr': Flags.string({ description: 'address to advertise', helpGroup: SWARM }),
  'swarm-experimental': Flags.boolean({ description: 'experimental features of swarm', helpGroup: SWARM }),
}

/** What the record keeps. Throws, in Docker Machine's words, for a discovery that is no URL. */
export function swarmOptions(flags: Flagged, env: Env): SwarmOptions {
  const text = (flag: string) => flags[flag] as string | undefined
  const discovery = text('swarm-discovery') ?? ''
  if (discovery !== '' && !/^[^:]*:\/\/./.test(discovery))
    throw new UsageError(`Error parsing swarm discovery: Swarm Discovery URL was in the wrong format: ${discovery}`, [
      'write it as kind://place: consul://192.0.2.7:8500',
    ])
  return {
    ...NO_SWARM_OPTIONS,
    IsSwarm: Boolean(flags.swarm || flags['swarm-master']),
    Address: text('swarm-addr') ?? '',
    Discovery: discovery,
    Agent: Boolean(flags.swarm),
    Master: Boolean(flags['swarm-master']),
    Host: text('swarm-host') ?? NO_SWARM_OPTIONS.Host,
    Image: text('swarm-image') ?? (env.MACHINE_SWARM_IMAGE || NO_SWARM_OPTIONS.Image),
    Strategy: text('swarm-strategy') ?? NO_SWARM_OPTIONS.Strategy,
    ArbitraryFlags: (flags['swarm-opt'] as string[] | undefined) ?? [],
    ArbitraryJoinFlags: (flags['swarm-join-opt'] as string[] | undefined) ?? [],
    IsExperimental: Boolean(flags['swarm-experimental']),
  }
}
