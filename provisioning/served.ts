/** The certificate clients are shown on the engine's port: the agent's, where it is there. */
import { agentIsThere } from './agent/facts.ts'
import type { Facts } from './facts.ts'

export function served({ agent, ...facts }: Facts): Pick<Facts, 'caPem' | 'serverCertPem' | 'publicKeyPem'> {
  if (!agentIsThere(agent)) return facts
  const { caPem, certPem, publicKeyPem } = agent
  return {
    ...(caPem === undefined ? {} : { caPem }),
    ...(certPem === undefined ? {} : { serverCertPem: certPem }),
    ...(publicKeyPem === undefined ? {} : { publicKeyPem }),
  }
}
