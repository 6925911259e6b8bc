/** The agent runs in the version asked for, with the files that lie there, and answers on the engine's port. */
import { MachineError } from '../../../src/errors.ts'
import type { Host } from '../../../src/ssh/host.ts'
import type { EngineAsk } from '../../ask.ts'
import { lastWords } from '../../engine-log.ts'
import type { Facts } from '../../facts.ts'
import type { Step, StepCtx } from '../../step.ts'
import type { AgentAsk } from '../ask.ts'
import { CHANGE, changeCommand } from '../change-script.ts'
import { SERVICE_UNIT, SOCKET_UNIT, WATCH_TIMER } from '../paths.ts'

export function agentRunning(ask: EngineAsk & { agent: AgentAsk }): Step {
  const { digest } = ask.agent.program
  return {
    id: 'agent-running',
    title: 'engine agent running',
    doing: 'Starting the engine agent',
    hint: 'see the log of the service machine-agent on the host',
    holds: facts => facts.agent.current === digest && agentRuns(facts, digest) && facts.listening.includes(ask.port),
    apply: (host, facts, ctx) => changeAgent(host, facts, { port: ask.port, digest }, ctx),
    refresh: true,
  }
}

/** Whether it runs, nothing waits to be read by it, and it will run after a reboot. */
function agentRuns({ agent, init }: Facts, digest: string): boolean {
  if (agent.running?.digest !== digest || agent.stale) return false
  if (init !== 'systemd') return agent.enabled
  const states = [SOCKET_UNIT, SERVICE_UNIT, WATCH_TIMER].map(unit => agent.units.get(unit))
  return states.every(state => state?.active && state.enabled && !state.needsReload)
}

/** Puts a version and the files that lie there into force. Throws AGENT_NOT_UP, HOST_BUSY. */
export async function changeAgent(
  host: Host,
  { init }: Facts,
  to: { port: number; digest: string },
  { signal, machine }: Pick<StepCtx, 'signal' | 'machine'>,
): Promise<void> {
  const options = { root: true, ok: Object.values(CHANGE), timeoutMs: 6 * 60_000, signal }
  const { code, stdout } = await host.run(changeCommand({ init, ...to }), options)
  if (code === CHANGE.done) return
  if (code === CHANGE.busy) throw hostBusy(host)
  throw agentNotUp(stdout, {
    machine,
    init,
    hint: code === CHANGE.backAgain ? 'the version before it runs again' : undefined,
  })
}

function hostBusy(host: Host): MachineError {
  return new MachineError('HOST_BUSY', `another session has been changing the engine of ${host.name} for minutes`, {
    hints: ['wait until it is done, then run the command again'],
  })
}

/** With the agent's own last words. */
export function agentNotUp(
  log: string,
  { machine, init, hint }: { machine: string; init: Facts['init']; hint?: string | undefined },
): MachineError {
  const read = init === 'systemd' ? 'journalctl -u machine-agent -n 50' : 'tail -n 50 /var/log/machine-agent/agent.log'
  return new MachineError('AGENT_NOT_UP', `the engine agent does not answer: ${lastWords(log)}`, {
    hints: [...(hint ? [hint] : []), `machine ssh ${machine} sudo ${read}`],
  })
}
