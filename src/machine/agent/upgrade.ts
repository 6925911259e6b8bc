/** `agent upgrade`: this program's agent onto the host, by the plan of `provision`, which sees that its digest differs. */

import { refuseClientOnly } from '../own-authority.ts'
import { provisionMachine } from '../provision.ts'
import type { World } from '../world.ts'
import { loadWithAgent } from './of-machine.ts'
import { agentStatus } from './status.ts'

export interface UpgradedAgent {
  readonly name: string
  readonly version: string
  readonly digest: string
  /** Ids of the provisioning steps that had to be applied; none where the agent was the one of this program. */
  readonly changed: readonly string[]
}

/** Throws what `provisionMachine` throws, and NO_AGENT. */
export async function upgradeAgent(name: string, w: World): Promise<UpgradedAgent> {
  refuseClientOnly(await loadWithAgent(name, w), 'agent upgrade', w)
  const { changed } = await provisionMachine(name, w)
  const { version, digest } = (await agentStatus(name, w)).health.agent
  return { name, version, digest, changed }
}
