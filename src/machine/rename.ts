/**
 * `rename`: a machine under another name. The folder's rename is the whole of it: what a record says of names and places
 * gives way to where it lies (rebase.ts), so that after a crash at any moment the store holds the one name or the other.
 */
import { MachineError } from '../errors.ts'
import { ownsHost } from './bring-up.ts'
import { saver } from './create.ts'
import { renameContexts } from './follow-contexts.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

export interface Renamed {
  readonly from: string
  readonly to: string
  /** Whether the host will be called `to` from the next `provision` on; a host that was lent keeps its name for good. */
  readonly hostFollows: boolean
}

/** Throws NOT_FOUND, ALREADY_EXISTS, NOT_RENAMEABLE, LOCKED when either name is being worked on, UsageError for an impossible name. */
export async function renameMachine(from: string, to: string, w: World): Promise<Renamed> {
  w.store.checkName(to)
  if (from === to) throw new MachineError('SAME_NAME', `machine "${from}" is called so already`)
  await loadRecord(w.store, from, w.program) // a name that does not exist is said before any lock is taken
  const purpose = `rename ${from} ${to}`
  await using _from = await w.store.lock(from, { purpose, signal: w.signal })
  await using _to = await w.store.lock(to, { purpose, signal: w.signal })
  const before = await loadRecord(w.store, from, w.program)
  const driver = w.drivers.find(d => d.name === before.DriverName)
  if (!driver?.renamed)
    throw new MachineError(
      'NOT_RENAMEABLE',
      `machine "${from}" cannot be renamed: its host is bound to the name by driver ${before.DriverName}`,
    )
  w.point('rename begun')

  await w.store.renameMachine(from, to)
  w.point('folder renamed')

  // Read from where it lies now: names and paths in it are the new ones. Written for docker-machine's sake.
  const record = await loadRecord(w.store, to, w.program)
  record.Driver = driver.renamed(record.Driver, to)
  await saver(to, w)(record)
  w.point('record renamed')
  await renameContexts(from, to, w)
  const named = record.Machine?.HostName !== undefined
  return { from, to, hostFollows: driver.provisions && ownsHost(record, w) && !named }
}
