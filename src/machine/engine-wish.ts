/** What provisioning is asked to bring about on a machine: its record, and the agent this program brings along. */
import { randomBytes } from 'node:crypto'
import type { AgentAsk } from '../../provisioning/agent/ask.ts'
import { checkRegistry } from '../../provisioning/agent/registry.ts'
import type { EngineAsk } from '../../provisioning/ask.ts'
import { UsageError } from '../errors.ts'
import { agentProgram } from './agent-program.ts'
import { engineAsk } from './engine-settings.ts'
import { driverOf, enginePort } from './instance.ts'
import type { MachineRecord } from './record.ts'
import { runtimeSource } from './runtime-source.ts'
import { currentRevocations } from './trust/revocations.ts'
import type { World } from './world.ts'

/** @param w the world with the machine's CA (`worldFor`): its newest revocation list goes along */
export async function engineWish(record: MachineRecord, w: World): Promise<EngineAsk> {
  const disk = driverOf(record, w).dataDisk?.(record.Driver)
  const ask = { ...engineAsk(record, enginePort(record)), ...(disk ? { dataDisk: disk } : {}) }
  const agent = await agentAsk(record, w)
  return agent ? { ...ask, agent } : ask
}

async function agentAsk(record: MachineRecord, w: World): Promise<AgentAsk | undefined> {
  const { EngineAgent, AgentId, Engine = {} } = record.Machine ?? {}
  if (EngineAgent !== 'on' || AgentId === undefined) return undefined
  const revocations = await currentRevocations(w)
  return {
    id: AgentId,
    asked: Engine.Agent === 'on',
    program: await agentProgram(),
    operatorMounts: Engine.AgentOperatorMounts ?? [],
    source: runtimeSource(w, record.Driver.IPAddress ?? '', {
      registry: Engine.AgentRegistry,
      mirror: Engine.AgentMirror,
    }),
    ...(revocations === undefined ? {} : { revocations }),
  }
}

/** A new machine's id for the agent, or any machine's when it gets one. */
export function newAgentId(): string {
  return randomBytes(16).toString('hex')
}

/** What the record says of the agent, and whether a person wants it so. */
export function askForAgent(record: MachineRecord, agent: 'on' | 'off'): void {
  record.Machine ??= { Phase: 'ready', EngineAgent: 'off' }
  record.Machine.EngineAgent = agent
  record.Machine.Engine = { ...record.Machine.Engine, Agent: agent }
  if (agent === 'on') record.Machine.AgentId ??= newAgentId()
}

/** Where its Node comes from; '' goes back to the registry npm names here. Throws UsageError for a machine without the agent. */
export function askForRegistry(record: MachineRecord, registry: string): void {
  const { Machine } = record
  if (Machine?.EngineAgent !== 'on')
    throw new UsageError(`machine "${record.Name}" has no engine agent to get a registry for`, [
      'add --engine-agent on to put it there',
    ])
  checkRegistry(registry || undefined)
  const { AgentRegistry: _, ...engine } = Machine.Engine ?? {}
  Machine.Engine = registry === '' ? engine : { ...engine, AgentRegistry: registry }
}
