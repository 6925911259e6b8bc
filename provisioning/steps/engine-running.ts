/** The engine runs and listens. */
import { MachineError } from '../../src/errors.ts'
import { all, type Cmd, script, sh } from '../../src/ssh/quote.ts'
import type { EngineAsk } from '../ask.ts'
import { lastWords } from '../engine-log.ts'
import type { Init } from '../facts.ts'
import type { Step } from '../step.ts'
import { PORT_OPEN, TAKE_TURN } from '../turns.ts'

const START: Readonly<Record<Init, Cmd>> = {
  systemd: sh`systemctl reset-failed docker.service docker.socket 2>/dev/null; timeout 180 systemctl restart docker.service`,
  openrc: sh`rc-service docker restart </dev/null 9>&-`,
  sysvinit: sh`service docker restart </dev/null 9>&-`,
  unknown: sh`false`,
}
/** Another session may have brought it up meanwhile. */
const UP = script(`${TAKE_TURN}${PORT_OPEN}
up() {
  if [ -d /run/systemd/system ]; then systemctl is-active --quiet docker.service
  else grep -q ' 00010000 .*/run/docker\\.sock$' /proc/net/unix; fi
}
if up && { [ $LISTENS = agent ] || port_open; }; then exit 0; fi`)
const LOG = sh`journalctl -u docker.service -o cat --no-pager -n 60 2>/dev/null || tail -n 60 /var/log/docker.log`

/** On its port, or where the agent has that on its socket alone. */
export function engineRunning({ port, agent }: EngineAsk): Step {
  return {
    id: 'engine-running',
    title: 'engine running',
    doing: 'Starting the engine',
    hint: `does another program on the host use port ${port}?`,
    holds: facts => facts.service.active && (agent !== undefined || facts.listening.includes(port)),
    apply: async (host, { init }, { signal }) => {
      const { code } = await host.run(all(sh`PORT=${port} LISTENS=${agent ? 'agent' : 'engine'}`, UP, START[init]), {
        root: true,
        ok: Array.from({ length: 256 }, (_, i) => i),
        signal,
        timeoutMs: 450_000, // a turn to wait for, then systemd's own limit
      })
      if (code === 0) return
      const { stdout } = await host.run(LOG, { root: true, ok: [0, 1], signal })
      throw new MachineError('ENGINE_DOWN', `the engine does not start: ${lastWords(stdout)}`)
    },
    refresh: true,
  }
}
