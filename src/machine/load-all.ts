/** All machines of a store, with what of each its record alone can tell. */
import { messageOf } from '../errors.ts'
import { driverOf } from './instance.ts'
import { loadRecord } from './load.ts'
import type { MachineRecord } from './record.ts'
import { masterOf, swarmMasters } from './swarm.ts'
import type { World } from './world.ts'

export interface LoadedMachine {
  readonly name: string
  readonly record: MachineRecord
  /** True if its driver is here. */
  readonly known: boolean
  /** 'not-found' where it is not, as Docker Machine has it. */
  readonly driver: string
  /** Name of the master of its swarm; '' in none. */
  readonly master: string
  /** Why it cannot be asked; '' if it can. */
  readonly error: string
}

/** A record that cannot be read. */
export interface Unloadable extends Omit<LoadedMachine, 'record'> {
  readonly record: undefined
}

export type Loaded = LoadedMachine | Unloadable

/** In natural order of the names. */
export async function loadAll(w: World): Promise<Loaded[]> {
  const names = await w.store.list()
  const read = await Promise.all(
    names.map(name =>
      loadRecord(w.store, name, w.program).then(
        record => ({ name, record, error: '' }),
        error => ({ name, record: undefined, error: messageOf(error) }),
      ),
    ),
  )
  const masters = swarmMasters(read.flatMap(({ record }) => record ?? []))
  return read.map(({ name, record, error }): Loaded => {
    if (!record) return { name, record, known: false, driver: 'not found', master: '', error }
    const missing = driverProblem(record, w)
    return {
      name,
      record,
      known: missing === '',
      driver: missing === '' ? record.DriverName : 'not-found',
      master: masterOf(record, masters),
      error: missing,
    }
  })
}

function driverProblem(record: MachineRecord, w: World): string {
  try {
    driverOf(record, w)
    return ''
  } catch (error) {
    return messageOf(error)
  }
}
