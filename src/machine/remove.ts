/** `rm`: what the driver made, then the machine's folder. */
import { hasCode, MachineError, messageOf, suggestionsOf } from '../errors.ts'
import { dropContexts } from './follow-contexts.ts'
import { driverCtx, driverOf } from './instance.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

export interface RemoveOptions {
  /** Remove the record even if the driver failed or the record cannot be read; what failed is told as a warning. */
  force?: boolean
}

/** Removes one machine. With `force` a machine that does not exist is success, as it was with Docker Machine. */
export async function removeMachine(name: string, w: World, options: RemoveOptions = {}): Promise<void> {
  const { force = false } = options
  if (force && !(await w.store.exists(name))) return
  await using _lock = await w.store.lock(name, { purpose: `rm ${name}`, signal: w.signal })
  try {
    await removeInstance(name, w)
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND'))
      throw new MachineError('NOT_FOUND', `Error removing host "${name}": ${messageOf(error)}`, {
        hints: suggestionsOf(error),
        cause: error,
      })
    if (w.signal.aborted)
      throw new MachineError('REMOVE_FAILED', `Error removing host "${name}": ${messageOf(error)}`, {
        hints: [`${w.program} rm ${name} goes on`],
        cause: error,
        exit: 130,
      })
    if (!force)
      throw new MachineError('REMOVE_FAILED', `Error removing host "${name}": ${messageOf(error)}`, {
        hints: [
          ...suggestionsOf(error),
          `${w.program} rm -f ${name} drops the record all the same; what the driver made may then stay behind`,
        ],
        cause: error,
      })
    w.say({ machine: name, type: 'warn', text: `Error removing host "${name}": ${messageOf(error)}` })
  }
  w.point('instance removed')
  await dropContexts(name, w)
  await w.store.removeMachine(name).catch(cause => {
    if (!(cause instanceof MachineError)) throw cause
    throw new MachineError(cause.code, `Can't remove "${name}": ${cause.message}`, { hints: cause.suggestions, cause })
  })
}

async function removeInstance(name: string, w: World): Promise<void> {
  const record = await loadRecord(w.store, name, w.program)
  await driverOf(record, w).remove(record.Driver, driverCtx(name, w))
}
