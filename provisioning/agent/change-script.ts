/**
 * Puts a version of the agent, or its changed files, into force: `current` is switched in one rename and the one that runs
 * told to hand over; what does not answer within 15 s gives way to what ran before. Exit codes are CHANGE below; the
 * agent's last words are on stdout.
 */
import { all, type Cmd, script, sh } from '../../src/ssh/quote.ts'
import type { Init } from '../facts.ts'
import { BUSY, PORT_OPEN, TAKE_TURN } from '../turns.ts'
import { AGENT_CONTROL, AGENT_PRUNE } from './control.ts'
import { AGENT_STALE } from './paths.ts'

export const CHANGE = { done: 0, backAgain: 12, down: 13, busy: BUSY } as const

const BODY = `
set -u; umask 077; trap '' HUP PIPE
${TAKE_TURN}${PORT_OPEN}${AGENT_CONTROL}${AGENT_PRUNE}
how=$(cat ${AGENT_STALE} 2>/dev/null)
was=$(agent_current)
if [ -z "$how" ] && agent_up $DIGEST && [ "$was" = $DIGEST ]; then agent_boot; agent_prune; exit 0; fi
agent_use $DIGEST || exit 13
if [ "$how" = restart ]; then agent_restart
elif agent_active; then agent_reload || agent_restart
else agent_start; fi
if agent_await $DIGEST; then agent_boot; agent_prune; exit 0; fi
agent_log
if [ -z "$was" ] || [ "$was" = $DIGEST ] || [ ! -x $A/versions/$was/node ]; then
  [ -n "$was" ] || agent_stop
  exit 13
fi
agent_use $was
agent_reload; agent_await $was 25 || { agent_restart; agent_await $was; } || exit 13
exit 12
`

/** Run as root; expect CHANGE's exit codes. */
export function changeCommand(o: { init: Init; port: number; digest: string }): Cmd {
  return all(sh`INIT=${o.init} PORT=${o.port} DIGEST=${o.digest}`, script(BODY.trimStart()))
}
