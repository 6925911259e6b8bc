/** The agent's part of the plan: all is prepared before the engine leaves its port. */
import type { Certificates, EngineAsk } from '../ask.ts'
import type { Step } from '../step.ts'
import { agentRuntime } from './runtime.ts'
import { agentCertificate } from './steps/certificate.ts'
import { engineKeysGone } from './steps/engine-keys-gone.ts'
import { agentFilesThere, agentPlanThere } from './steps/files.ts'
import { agentProgramThere } from './steps/program.ts'
import { agentRevocations } from './steps/revocations.ts'
import { agentRunning } from './steps/running.ts'
import { agentUser } from './steps/user.ts'

/** Steps before the engine's settings, and after; none where no agent is asked for. */
export function agentSteps(ask: EngineAsk, certificates: Certificates): { prepared: Step[]; running: Step[] } {
  const { agent } = ask
  if (!agent) return { prepared: [], running: [] }
  const asked = { ...ask, agent }
  return {
    prepared: [
      agentRuntime(agent),
      agentUser,
      agentProgramThere(agent),
      agentFilesThere(asked),
      agentCertificate(certificates),
      agentRevocations(agent),
    ],
    running: [agentPlanThere(asked), agentRunning(asked), engineKeysGone],
  }
}
