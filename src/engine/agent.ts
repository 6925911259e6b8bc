/**
 * What the agent in front of an engine is asked. All throw what `get` and `post` do, and NO_AGENT (an engine without one),
 * AGENT_REFUSED (it will not; the sentence is its own), AGENT_BAD_ANSWER.
 */
import { type Health, type KeyAnswer, PATHS, type TrustChange, type TrustState } from '../../agent/protocol.ts'
import { MachineError } from '../errors.ts'
import { healthIn, keyAnswerIn, trustStateIn } from './agent-answers.ts'
import type { EngineAddress } from './attempt.ts'
import { get, post, StatusError } from './request.ts'

export async function agentHealth(at: EngineAddress): Promise<Health> {
  return read(at, healthIn, await told(at, get(at, PATHS.health)))
}

/** Prometheus text. */
export async function agentMetrics(at: EngineAddress): Promise<string> {
  return await told(at, get(at, PATHS.metrics))
}

/** Makes a new server key on the host, which waits there for its certificate. */
export async function agentKey(at: EngineAddress): Promise<KeyAnswer> {
  return read(at, keyAnswerIn, await told(at, post(at, PATHS.csr, {})))
}

export async function agentTrust(at: EngineAddress): Promise<TrustState> {
  return read(at, trustStateIn, await told(at, get(at, PATHS.certs)))
}

/** The state afterwards. */
export async function changeTrust(at: EngineAddress, change: TrustChange): Promise<TrustState> {
  return read(at, trustStateIn, await told(at, post(at, PATHS.certs, change)))
}

async function told(at: EngineAddress, asking: Promise<string>): Promise<string> {
  try {
    return await asking
  } catch (cause) {
    if (!(cause instanceof StatusError)) throw cause
    const { status, sentence } = cause
    if (status === 404)
      throw new MachineError('NO_AGENT', `the engine at ${at.url} has no agent in front of it`, {
        hints: ['put it there: machine provision --engine-agent=on NAME'],
        cause,
      })
    const said = sentence === '' ? ` with status ${status}` : `: ${sentence}`
    throw status >= 400 && status < 500
      ? new MachineError('AGENT_REFUSED', `the agent at ${at.url} refused${said}`, { cause })
      : new MachineError('AGENT_BAD_ANSWER', `the agent at ${at.url} failed${said}`, { cause })
  }
}

function read<T>(at: EngineAddress, shape: (value: unknown) => T, body: string): T {
  try {
    return shape(JSON.parse(body))
  } catch (cause) {
    throw new MachineError('AGENT_BAD_ANSWER', `what the agent at ${at.url} answers cannot be read`, {
      hints: ['its version may be another than this one: machine agent upgrade NAME'],
      cause,
    })
  }
}
