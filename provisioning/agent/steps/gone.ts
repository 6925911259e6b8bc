/**
 * Nothing of the agent is left that runs or is secret. Its program stays out of the way of the next time, and its user,
 * because a user id that is given out again would own what the old one left.
 */
import { HOST } from '../../../agent/protocol.ts'
import { all, script, sh } from '../../../src/ssh/quote.ts'
import type { Step } from '../../step.ts'
import { AGENT_CONTROL } from '../control.ts'
import { agentIsThere } from '../facts.ts'
import { AGENT_STALE, CONFIG_FOLDER, INIT_SCRIPT, LOG_FOLDER, UNIT_FOLDER } from '../paths.ts'
import { WATCH_PATH } from '../watch.ts'

const REMOVE = script(
  `
port_open() { :; }
${AGENT_CONTROL}
agent_stop
if [ $INIT = systemd ]; then
  for u in $(cd ${UNIT_FOLDER} && ls -d machine-agent*.timer machine-agent*.service machine-agent*.socket 2>/dev/null); do
    systemctl disable -q --now "$u" 2>/dev/null; rm -f "${UNIT_FOLDER}/$u"
  done
  systemctl daemon-reload
else
  command -v update-rc.d >/dev/null && update-rc.d -f machine-agent remove >/dev/null 2>&1
  rm -f ${INIT_SCRIPT}
fi
rm -rf ${HOST.state} ${LOG_FOLDER} /run/machine-agent /run/machine-watch ${AGENT_STALE} ${CONFIG_FOLDER} $A/current ${WATCH_PATH}
`.trim(),
)

export const agentGone: Step = {
  id: 'agent-gone',
  title: 'engine agent removed',
  doing: 'Removing the engine agent',
  hint: 'see `systemctl status machine-agent` on the host',
  holds: ({ agent }) => !agentIsThere(agent) && !agent.state && agent.publicKeyPem === undefined,
  apply: async (host, { init }, { signal }) => {
    await host.run(all(sh`INIT=${init} PORT=0`, REMOVE), { root: true, signal })
  },
}
