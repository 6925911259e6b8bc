/** `agent status`: what the agent of a machine says. */
import type { Health } from '../../../agent/protocol.ts'
import { runningUrl } from '../instance.ts'
import { renewIfSoon } from '../trust/renew-soon.ts'
import type { World } from '../world.ts'
import { machineHealth } from './health.ts'
import { loadWithAgent } from './of-machine.ts'

export interface AgentStatus {
  readonly name: string
  readonly url: string
  readonly health: Health
}

/** Needs nothing but a client certificate. Throws NOT_FOUND, NO_AGENT, NOT_RUNNING and what `agentHealth` throws. */
export async function agentStatus(name: string, w: World): Promise<AgentStatus> {
  const record = await loadWithAgent(name, w)
  const url = await runningUrl(record, w)
  const health = await machineHealth(record, url, w)
  const renewed = await renewIfSoon(record, w, health.certificate.notAfter)
  return { name, url, health: renewed ? await machineHealth(record, url, w) : health }
}
