import { activeMachine } from '../machine/active.ts'
import { noNames } from '../names.ts'
import { type Answering, asJson } from './answer.ts'

/** Docker Machine's own limit, in seconds. */
export const ACTIVE_TIMEOUT_S = 10

export const active: Answering<{ timeout?: number; json?: boolean }> = async ({ names, flags }, w) => {
  noNames(names)
  const name = await activeMachine(w, (flags.timeout ?? ACTIVE_TIMEOUT_S) * 1000)
  return flags.json ? asJson({ name }) : { text: name }
}
