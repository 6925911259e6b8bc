/** Whether the agent that is asked for can run on a host. */
import { MachineError } from '../../src/errors.ts'
import type { EngineAsk } from '../ask.ts'
import type { Facts } from '../facts.ts'
import { runtimeProblem } from './runtime.ts'

/**
 * The wish as it can be granted; without the agent, and why, where it cannot run and nobody asked for it.
 * @throws MachineError AGENT_UNSUPPORTED where somebody did
 */
export function settleAgent(facts: Facts, ask: EngineAsk): { ask: EngineAsk; without?: string } {
  const problem = ask.agent && runtimeProblem(facts)
  if (!ask.agent || problem === undefined) return { ask }
  if (ask.agent.asked) {
    throw new MachineError('AGENT_UNSUPPORTED', `the engine agent cannot run on this host: ${problem}`, {
      hints: ['--engine-agent=off has dockerd serve mutual TLS itself'],
    })
  }
  const { agent: _, ...classic } = ask
  return { ask: classic, without: problem }
}
