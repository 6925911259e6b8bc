/** The record as it travels in a bundle: without the place it comes from, and of a client-only bundle without its host. */
import { join } from 'node:path'
import { MachineError } from '../errors.ts'
import { enginePort, engineUrl, inspectInstance } from './instance.ts'
import { copyRecord } from './parse.ts'
import { rebase } from './rebase.ts'
import { authOptions, type MachineRecord, NO_SWARM_OPTIONS, newRecord } from './record.ts'
import type { World } from './world.ts'

/** The store's path in bundles: nobody's. */
const NOWHERE = '/store'

/** The record with every path inside a store at /store. `hasKey`: the SSH key lies beside it in the bundle. */
export function placelessRecord(record: MachineRecord, storePath: string, hasKey: boolean): MachineRecord {
  const copy = copyRecord(record)
  rebase(copy, storePath, { storePath: NOWHERE, name: record.Name })
  placeKeys(copy, NOWHERE, hasKey)
  return copy
}

/** Paths of a record that came in a bundle are this store's, whatever stood there: what is written there may be hostile. */
export function placeKeys(record: MachineRecord, storePath: string, hasKey: boolean): void {
  const { Driver, Name, HostOptions, Machine } = record
  const sans = HostOptions.AuthOptions?.ServerCertSANs ?? []
  const auth = authOptions(storePath, Name, sans, Machine?.Authority)
  HostOptions.AuthOptions = auth
  Driver.SSHKeyPath = hasKey ? join(auth.StorePath, 'id_rsa') : ''
  if ('SSHKey' in Driver) Driver.SSHKey = '' // generic: where the key was copied from
}

/** A record that can only be used, of Docker Machine's driver for engines that are there already. Throws NO_ADDRESS. */
export async function clientRecord(record: MachineRecord, w: World): Promise<MachineRecord> {
  const url = await urlOf(record, w)
  const swarm = record.HostOptions.SwarmOptions ?? NO_SWARM_OPTIONS
  const reduced = newRecord({
    name: record.Name,
    driverName: 'none',
    storePath: NOWHERE,
    engine: {},
    swarm: { IsSwarm: swarm.IsSwarm, Master: swarm.Master, Host: swarm.Host },
    tlsSans: [],
    machine: {
      Phase: 'ready',
      Created: w.now().toISOString(),
      EnginePort: enginePort(record),
      EngineAgent: record.Machine?.EngineAgent ?? 'off',
      ...(record.Machine?.AgentId === undefined ? {} : { AgentId: record.Machine.AgentId }),
      Access: 'client',
    },
  })
  reduced.Driver = { ...reduced.Driver, IPAddress: new URL(url).host, URL: url }
  return reduced
}

/** Where the engine is, or where it was last while the host is off. */
async function urlOf(record: MachineRecord, w: World): Promise<string> {
  const seen = await inspectInstance(record, w).catch(() => undefined) // a provider that does not answer now
  const known = record.Driver.IPAddress
  const url =
    (seen && engineUrl(record, seen)) || (known ? engineUrl(record, { status: 'Running', address: String(known) }) : '')
  if (url !== '') return url
  throw new MachineError('NO_ADDRESS', `machine "${record.Name}" has no address, so nobody could use the bundle`, {
    hints: [`${w.program} start ${record.Name}`],
  })
}
