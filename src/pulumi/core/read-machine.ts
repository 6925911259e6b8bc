/** A look at a machine for `refresh`: read-only, apart from the working folder. */

import type { Instance } from '../../../drivers/driver.ts'
import { messageOf } from '../../errors.ts'
import type { CheckResult } from '../../machine/doctor/doctor.ts'
import { examineMachine } from '../../machine/doctor/doctor.ts'
import { inspectInstance } from '../../machine/instance.ts'
import { loadRecord } from '../../machine/load.ts'
import type { Around, Json, Seen } from './crud.ts'
import { isDue } from './ends.ts'
import { markBegun } from './home.ts'
import { layPlace, type Place, placeOf } from './place.ts'
import { outputsOf } from './see-machine.ts'

/** What an update can mend; a clock or a docker client that is wrong it cannot. */
const MENDED = new Set(['address', 'ssh', 'service', 'settings', 'server-certificate', 'engine'])
const LOOK_MS = 30_000

export async function readMachine(id: string, props: Json, around: Around): Promise<Seen> {
  const place = placeOf(props, around, 'update')
  await layPlace(place, props)
  if (!(await place.w.store.exists(place.name))) return {}
  const record = await loadRecord(place.w.store, place.name, place.w.program)
  const unfinished = (record.Machine?.Phase ?? 'ready') !== 'ready'
  const seen = await inspectInstance(record, place.w)
  // What was begun may have made more than the instance: that is removed by `destroy`, not forgotten.
  if (seen.status === 'Not Found' && !unfinished) return await gone(place)
  const drift = unfinished ? [] : await driftOf(place, seen)
  const outs = await outputsOf(place, drift, seen)
  if (isDue(outs.due, around.now())) drift.push('a certificate is about to run out')
  return { id, props: { ...props, ...outs, drift } }
}

/** Keys and networks may have outlived the instance: whoever comes next removes them. */
async function gone({ home, name }: Place): Promise<Seen> {
  await markBegun(home, name, 'create')
  return {}
}

/** What is not as it should be, one line each. */
async function driftOf(place: Place, seen: Instance): Promise<string[]> {
  const { name, w, driver } = place
  if (seen.status !== 'Running') return [`it is ${seen.status || 'in no known state'}`]
  if (!driver.provisions) return []
  const results = await examineMachine(name, LOOK_MS, w).catch((error): CheckResult[] => {
    if (w.signal.aborted) throw error
    w.say({ machine: name, type: 'warn', text: messageOf(error) })
    return []
  })
  const found = results.filter(({ check, state }) => MENDED.has(check) && (state === 'warning' || state === 'failed'))
  return found.map(({ what, detail }) => `${what}: ${detail}`)
}
