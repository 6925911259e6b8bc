/** `agent restart`: the agent's service anew. Containers never notice; open connections through it end. */
import type { Health } from '../../../agent/protocol.ts'
import { hasCode, MachineError, messageOf } from '../../errors.ts'
import { script } from '../../ssh/quote.ts'
import { inspectInstance, pause, runningUrl } from '../instance.ts'
import { refuseClientOnly } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import { dialMachine } from '../session.ts'
import type { World } from '../world.ts'
import { machineHealth } from './health.ts'
import { loadWithAgent } from './of-machine.ts'

/** Within this the new agent has to answer, in milliseconds. */
const PATIENCE_MS = 20_000

/** A service that restarted too often is refused by systemd until that is forgotten. */
const RESTART = `if [ -d /run/systemd/system ]; then
  systemctl reset-failed machine-agent.service 2>/dev/null
  systemctl restart machine-agent.service
elif command -v rc-service >/dev/null 2>&1; then rc-service machine-agent restart
else /etc/init.d/machine-agent restart; fi >&2`

/** Returns what the new agent says. Throws also AGENT_DOWN when it does not come up. */
export async function restartAgent(name: string, w: World): Promise<Health> {
  await using _lock = await w.store.lock(name, { purpose: `agent restart ${name}`, signal: w.signal })
  const record = await loadWithAgent(name, w)
  refuseClientOnly(record, 'agent restart', w)
  const url = await runningUrl(record, w)
  {
    await using host = await dialMachine(record, await inspectInstance(record, w), w, { deadlineMs: 20_000 })
    await host.run(script(RESTART), { root: true, signal: w.signal, timeoutMs: 120_000 })
  }
  return await waitForAgent(record, url, w)
}

async function waitForAgent(record: MachineRecord, url: string, w: World): Promise<Health> {
  const end = w.now().getTime() + PATIENCE_MS
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1000)) {
    try {
      return await machineHealth(record, url, w, 5000)
    } catch (cause) {
      w.signal.throwIfAborted()
      const coming = hasCode(cause, 'ENGINE_UNREACHABLE') || hasCode(cause, 'NO_AGENT')
      if (!coming || w.now().getTime() + waitMs > end)
        throw new MachineError('AGENT_DOWN', `the agent of "${record.Name}" was restarted: ${messageOf(cause)}`, {
          hints: [`${w.program} agent logs ${record.Name}`],
          cause,
        })
    }
    await pause(waitMs, w.signal)
  }
}
