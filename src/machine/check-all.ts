/** Several machines at once: whatever is wrong with their names or records is told before anything is done to one. */
import { MachineError } from '../errors.ts'
import { driverOf } from './instance.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

/** Throws the error of the one that cannot be worked with, or all of them, a line each, as Docker Machine does. */
export async function checkAll(names: readonly string[], w: World): Promise<void> {
  const results = await Promise.allSettled(
    names.map(async name => driverOf(await loadRecord(w.store, name, w.program), w)),
  )
  const errors = results.flatMap(r => (r.status === 'rejected' ? [r.reason] : []))
  if (errors.length <= 1 || errors.some(error => !(error instanceof MachineError))) {
    if (errors.length > 0) throw errors[0]
    return
  }
  const known = errors as MachineError[]
  throw new MachineError('NOT_ALL_FOUND', known.map(error => error.message).join('\n'), {
    hints: [...new Set(known.flatMap(error => error.suggestions))],
    cause: known[0],
  })
}
