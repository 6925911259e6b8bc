/** `provision`: brings an existing machine to what its record says; changes nothing where all of it holds. */
import { hasCode, MachineError } from '../errors.ts'
import { type BroughtUp, bringUp, ownsHost } from './bring-up.ts'
import { saver } from './create.ts'
import { askForAgent, askForRegistry } from './engine-wish.ts'
import { driverOf, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { refuseClientOnly } from './own-authority.ts'
import type { MachineExtras, MachineRecord } from './record.ts'
import type { World } from './world.ts'

export interface ProvisionOptions {
  /** The host was rebuilt: forget its pinned host key and pin the one it shows now. */
  acceptHostKey?: boolean
  /** Puts the agent in front of the engine, or takes it away; containers go on running. */
  agent?: 'on' | 'off'
  /** npm registry the host gets the agent's Node from, kept in the record; '' goes back to the one npm names here. */
  agentRegistry?: string
}

/** The record of a machine whose host is ours to work on. Throws NOT_FOUND, NOT_OURS, HALF_MADE. */
export async function loadProvisioned(name: string, w: World): Promise<MachineRecord> {
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, 'provision', w)
  const driver = driverOf(record, w)
  if (!driver.provisions)
    throw new MachineError(
      'NOT_OURS',
      `machine "${name}" has driver ${driver.name}: its engine is not ours to provision`,
    )
  if (record.Machine?.Phase === 'creating')
    throw new MachineError(
      'HALF_MADE',
      `machine "${name}" was never made whole: its create stopped before the host ran`,
      {
        hints: [`${w.program} create --resume -d ${driver.name} ${name}`, `${w.program} rm ${name}`],
      },
    )
  return record
}

/** Errors after which the host has what it had in front of its engine: the record goes on saying so. */
const UNCHANGED = ['AGENT_NOT_UP', 'AGENT_UNSUPPORTED', 'AGENT_DAMAGED', 'ENGINE_NOT_UP', 'ENGINE_OPTION_INVALID']

function withAgentOf(record: MachineRecord, { EngineAgent, Engine }: MachineExtras): MachineRecord {
  const { EngineAgent: _, Engine: __, ...rest } = record.Machine ?? { Phase: 'ready' }
  const Machine = { ...rest, ...(EngineAgent ? { EngineAgent } : {}), ...(Engine ? { Engine } : {}) }
  return { ...record, Machine }
}

export async function provisionMachine(name: string, w: World, options: ProvisionOptions = {}): Promise<BroughtUp> {
  await using _lock = await w.store.lock(name, { purpose: `provision ${name}`, signal: w.signal })
  const record = await loadProvisioned(name, w)
  await runningUrl(record, w) // a host that is off is said at once, not waited for
  record.Machine ??= { Phase: 'ready', EngineAgent: 'off' } // a machine that docker-machine made becomes ours here
  const save = saver(name, w)
  const before = structuredClone(record.Machine)
  const asksOfAgent = options.agent !== undefined || options.agentRegistry !== undefined
  if (options.agent) askForAgent(record, options.agent)
  if (options.agentRegistry !== undefined) askForRegistry(record, options.agentRegistry)
  const up = await bringUp(record, w, {
    save,
    setHostname: ownsHost(record, w),
    ...(options.acceptHostKey ? { acceptHostKey: true } : {}),
  }).catch(async error => {
    if (asksOfAgent && UNCHANGED.some(code => hasCode(error, code))) await save(withAgentOf(record, before))
    throw error
  })
  record.Machine.Phase = 'ready'
  await save(record)
  return up
}
