/** Classic swarms, which Docker Machine set up, as far as records and clients know them: masters, and where they answer. */
import { MachineError } from '../errors.ts'
import type { MachineRecord } from './record.ts'

/** Copies what drivers of Docker Machine repeated in their own state. */
export function repeatSwarm(record: MachineRecord): void {
  const swarm = record.HostOptions.SwarmOptions
  if (!swarm) return
  Object.assign(record.Driver, {
    SwarmMaster: swarm.Master,
    SwarmHost: swarm.Host,
    SwarmDiscovery: swarm.Discovery,
  })
}

/** Discovery address → name of the master that shares it. */
export function swarmMasters(records: readonly MachineRecord[]): ReadonlyMap<string, string> {
  const masters = new Map<string, string>()
  for (const { Name, HostOptions } of records)
    if (HostOptions.SwarmOptions?.Master) masters.set(HostOptions.SwarmOptions.Discovery, Name)
  return masters
}

/** Name of the machine's master, its own if it is one; '' where it is in no swarm. */
export function masterOf(record: MachineRecord, masters: ReadonlyMap<string, string>): string {
  const swarm = record.HostOptions.SwarmOptions
  if (swarm?.Master) return record.Name
  return swarm?.Discovery ? (masters.get(swarm.Discovery) ?? '') : ''
}

/** Where the swarm's master on the machine whose engine is at `engineUrl` answers. Throws unless the machine is one. */
export function managerUrl(record: MachineRecord, engineUrl: string): string {
  const url = swarmUrl(record, engineUrl)
  if (url !== undefined) return url
  const swarm = record.HostOptions.SwarmOptions
  if (!swarm?.Master)
    throw new MachineError(
      'NO_SWARM_MASTER',
      `"${record.Name}" is not a swarm master. The --swarm flag is intended for use with swarm masters`,
    )
  throw new MachineError('SWARM_HOST', `the swarm host "${swarm.Host}" of machine "${record.Name}" names no port`)
}

/** Where the swarm's master answers, given its engine's URL; undefined for a machine that is none. */
export function swarmUrl(record: MachineRecord, engineUrl: string): string | undefined {
  const swarm = record.HostOptions.SwarmOptions
  const port = /:(\d+)\/?$/.exec(swarm?.Host ?? '')?.[1]
  if (!swarm?.Master || port === undefined || !URL.canParse(engineUrl)) return undefined
  return `tcp://${new URL(engineUrl).hostname}:${port}`
}
