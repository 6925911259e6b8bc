/** A look at a machine's engine, in one request: where the agent is there, its health; else the engine's version. */
import type { Health } from '../../agent/protocol.ts'
import type { EngineAddress } from '../engine/attempt.ts'
import { hasCode } from '../errors.ts'
import type { MachineRecord } from './record.ts'

export interface SeenEngine {
  /** undefined where the agent answers and the engine behind it does not. */
  readonly version: string | undefined
  /** Why there is no version; '' where there is. */
  readonly error: string
  /** What else the agent says is wrong or about to be. */
  readonly problems: readonly string[]
  readonly health?: Health
}

/** Throws as `pingEngine` does. */
export async function seeEngine(record: MachineRecord, at: EngineAddress): Promise<SeenEngine> {
  const health = record.Machine?.EngineAgent === 'on' ? await healthOf(at) : undefined
  if (!health) {
    const { pingEngine } = await import('../engine/ping.ts')
    return { version: (await pingEngine(at)).version, error: '', problems: [] }
  }
  const { engine, problems } = health
  if (engine.answers) return { version: engine.version, error: '', problems, health }
  const error = `the engine does not answer: ${engine.error}`
  return { version: undefined, error, problems: problems.filter(problem => problem !== error), health }
}

/** An agent that is older, newer or taken away is no reason not to see the engine. */
async function healthOf(at: EngineAddress): Promise<Health | undefined> {
  const { agentHealth } = await import('../engine/agent.ts')
  try {
    return await agentHealth(at)
  } catch (error) {
    if (hasCode(error, 'NO_AGENT') || hasCode(error, 'AGENT_BAD_ANSWER')) return undefined
    throw error
  }
}
