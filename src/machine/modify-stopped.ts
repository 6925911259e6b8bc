import { MachineError, messageOf, suggestionsOf } from '../errors.ts'
import type { World } from './world.ts'

/** What ends `modify` where the machine is neither as it was nor as it should be; `how`: what brings it to an end. */
export function modifyStopped(error: unknown, how: string, { signal }: Pick<World, 'signal'>): MachineError {
  return new MachineError('MODIFY_STOPPED', messageOf(error), {
    hints: [...suggestionsOf(error), how],
    cause: error,
    exit: signal.aborted ? 130 : 1,
  })
}
