/** --debug and its variable, looked at before anything else. */
import { MachineError } from './errors.ts'
import { parseBool } from './flags/go-values.ts'
import { asksForDebug } from './flags/own.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Whether every step is told. Throws, in Docker Machine's words, for a MACHINE_DEBUG that says neither yes nor no. */
export function wantsDebug(argv: readonly string[], env: Env): boolean {
  if (asksForDebug(argv)) return true
  const text = env.MACHINE_DEBUG ?? ''
  const wanted = text === '' ? false : parseBool(text)
  if (wanted !== undefined) return wanted
  throw new MachineError(
    'BAD_VARIABLE',
    `Error parsing boolean value from MACHINE_DEBUG: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`,
    { hints: ['set it to 1 or 0, or unset it'] },
  )
}

/** The same for the report of an error, which may be about just that. */
export function wantedDebug(argv: readonly string[], env: Env): boolean {
  try {
    return wantsDebug(argv, env)
  } catch {
    return false
  }
}
