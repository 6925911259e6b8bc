/** Who has the engine's port, and whether that changes. Pure. */
import type { EngineAsk } from '../ask.ts'
import type { Facts } from '../facts.ts'
import { agentIsThere } from './facts.ts'
import { SOCKET_UNIT } from './paths.ts'

/** 'on': the engine has to leave its port to the agent; 'off': it gets it back; undefined: all stays as it is. */
export function frontChange({ agent, init }: Facts, ask: EngineAsk): 'on' | 'off' | undefined {
  if (!ask.agent) return agentIsThere(agent) ? 'off' : undefined
  const established = init === 'systemd' ? agent.units.get(SOCKET_UNIT)?.enabled : agent.enabled
  return established && agent.current !== undefined ? undefined : 'on'
}
