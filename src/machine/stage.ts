/** How far a create came when it failed, in Docker Machine's words: scripts tell by them what to do next. */

import { MachineError } from '../errors.ts'
import type { Phase } from '../events.ts'
import type { World } from './world.ts'

const WORDS: Partial<Record<Phase, string>> = {
  create: 'Error in driver during machine creation',
  'wait-running': 'Error waiting for machine to be running',
  'wait-ssh': 'Error detecting OS',
  'detect-os': 'Error detecting OS',
  provision: 'Error running provisioning',
  'check-engine': 'Error checking the host',
}

/** Does `work`; what it throws begins with the phase it was in. */
export async function staged<T>(w: World, work: (w: World) => Promise<T>): Promise<T> {
  let words: string | undefined
  const say: World['say'] = event => {
    if (event.type === 'phase') words = WORDS[event.phase]
    w.say(event)
  }
  try {
    return await work({ ...w, say })
  } catch (cause) {
    if (words === undefined || !(cause instanceof MachineError) || w.signal.aborted) throw cause
    const { code, message, suggestions, oclif } = cause
    throw new MachineError(code, `${words}: ${message}`, { hints: suggestions, cause, exit: oclif.exit })
  }
}
