/** Whether a wish can be granted at all, before any host is there to ask: create calls it as part of its pre-check. */
import { UsageError } from '../src/errors.ts'
import type { EngineAsk } from './ask.ts'
import { settingsOf } from './engine-options.ts'
import { repositoryBase } from './mirrors.ts'

/** Throws UsageError naming the first option, label, environment assignment or mirror that cannot be. */
export function checkAsk(ask: EngineAsk): void {
  settingsOf(ask)
  repositoryBase(ask.installUrl === undefined ? (ask.mirror ?? ask.placeMirror) : undefined)
  for (const assignment of ask.env) {
    // The value may be a password in a proxy's URL.
    if (/^[A-Za-z_][A-Za-z0-9_]*=[^\0\n]*$/.test(assignment)) continue
    throw new UsageError(`engine environment "${assignment.replace(/=.*/s, '=…')}" is not NAME=value on one line`)
  }
}
