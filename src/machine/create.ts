/** Making a machine, as one story. A failure leaves the record at its phase: `rm` cleans up, `provision` goes on from there. */
import type { AnyDriver, Config } from '../../drivers/driver.ts'
import { checkAgentSettings } from '../../provisioning/agent/ask-check.ts'
import { checkAsk } from '../../provisioning/ask-check.ts'
import { EXIT, hasCode, MachineError, messageOf, UsageError } from '../errors.ts'
import { generateKeyPair } from '../ssh/keys.ts'
import { loadOrCreateCa } from './authority.ts'
import { bringUp, ownsHost } from './bring-up.ts'
import { type ContextOptions, checkContext } from './contexts.ts'
import { withEngineDefaults } from './engine-defaults.ts'
import { type EngineSettings, engineAsk, toEngineOptions, toExtras } from './engine-settings.ts'
import { newAgentId } from './engine-wish.ts'
import { contextForNew } from './follow-contexts.ts'
import { DEFAULT_ENGINE_PORT, driverCtx, enginePort, engineUrl, inspectInstance } from './instance.ts'
import { loadRecord } from './load.ts'
import { noteAuthority } from './own-authority.ts'
import { type MachineRecord, newRecord, renderRecord, type SwarmOptions } from './record.ts'
import { staged } from './stage.ts'
import { repeatSwarm } from './swarm.ts'
import type { World } from './world.ts'

export interface CreateAsk {
  name: string
  driver: AnyDriver
  /** The driver's settings, complete: see driver-flags.ts for the command line's, drivers' docs for their meaning. */
  config: Config
  engine?: EngineSettings
  /** Port of the engine, 2376 by default. */
  enginePort?: number
  /** Further names and addresses the server certificate covers. */
  tlsSans?: string[]
  swarm?: Partial<SwarmOptions>
  /** Also make a docker context for it. */
  context?: ContextOptions
  /** Go on with a create of this name that was interrupted, instead of refusing the name. */
  resume?: boolean
  /** Called once the driver has the host, before anything on it changes; what it throws ends the create. */
  look?: (record: MachineRecord, w: World) => Promise<void>
}

/** A machine that is ready. */
export interface Machine {
  readonly name: string
  readonly driver: string
  /** tcp://address:port */
  readonly url: string
  readonly address: string
  /** '' for a machine whose engine is not ours to look at (`none`). */
  readonly engineVersion: string
  readonly storePath: string
  /** The docker context that was asked for. */
  readonly context?: string
}

export async function createMachine(asked: CreateAsk, w: World): Promise<Machine> {
  const { name } = asked
  w.store.checkName(name)
  const engine = await withEngineDefaults(asked.engine, asked, w)
  const ask = engine ? { ...asked, engine } : asked
  const interrupted = await resumable(ask, w)
  w.say({ machine: name, type: 'phase', phase: 'pre-create', text: 'Running pre-create checks...' })
  const draft = draftOf(ask, w)
  await preflight(ask, draft, w)

  await w.store.ensure()
  await using _lock = await w.store.lock(name, { purpose: `create ${name}`, signal: w.signal })
  const machine = await (interrupted ? staged(w, seen => goOn(ask, interrupted, draft, seen)) : begin(ask, draft, w))
  const context = ask.context && (await contextForNew(name, w, ask.context))
  return { ...machine, ...(context === undefined ? {} : { context }) }
}

async function begin(ask: CreateAsk, draft: MachineRecord, w: World): Promise<Machine> {
  const { driver, name } = ask
  w.say({ machine: name, type: 'phase', phase: 'certs', text: 'Preparing certificates...' })
  if (driver.provisions) await loadOrCreateCa(w)
  // Takes the name: from here on the machine exists, for `ls` and for `rm`.
  await w.store.createMachineDir(name, renderRecord(draft))
  w.point('name claimed')
  return await staged(w, seen => make(ask, draft, seen))
}

/** From the claimed name to the ready machine. */
async function make(ask: CreateAsk, record: MachineRecord, w: World): Promise<Machine> {
  const { driver, name } = ask
  const save = saver(name, w)
  const publicKey = await machineKey(ask, record, w)
  w.point('key made')

  w.say({ machine: name, type: 'phase', phase: 'create', text: 'Creating machine...' })
  const checkpoint = async (state: Record<string, unknown>) => {
    Object.assign(record.Driver, state)
    await save(record)
    w.point('state saved')
  }
  const ctx = { ...driverCtx(name, w), publicKey, enginePort: ask.enginePort ?? DEFAULT_ENGINE_PORT, checkpoint }
  const made = (await driver.create(ask.config, ctx)) as Record<string, unknown>
  Object.assign(record.Driver, made)
  if (record.Machine) record.Machine.Phase = 'provisioning'
  await save(record)
  w.point('instance made')
  await ask.look?.(record, w)
  return await finish(record, driver, w)
}

async function finish(record: MachineRecord, driver: AnyDriver, w: World): Promise<Machine> {
  const save = saver(record.Name, w)
  const up = driver.provisions
    ? await bringUp(record, w, { save, setHostname: ownsHost(record, w) })
    : { address: String(record.Driver.IPAddress), engineVersion: '' }
  if (record.Machine) record.Machine.Phase = 'ready'
  await save(record)
  const instance = await inspectInstance(record, w)
  return {
    name: record.Name,
    driver: driver.name,
    url: engineUrl(record, instance),
    address: up.address,
    engineVersion: up.engineVersion,
    storePath: w.store.path,
  }
}

/** The record as it will first be written. */
function draftOf(ask: CreateAsk, w: World): MachineRecord {
  const agent = ask.driver.provisions ? (ask.engine?.agent ?? 'on') : 'off'
  const record = newRecord({
    name: ask.name,
    driverName: ask.driver.name,
    storePath: w.store.path,
    engine: toEngineOptions(ask.engine ?? {}),
    swarm: ask.swarm ?? {},
    tlsSans: ask.tlsSans ?? [],
    machine: {
      Phase: 'creating',
      Created: w.now().toISOString(),
      EnginePort: ask.enginePort ?? DEFAULT_ENGINE_PORT,
      EngineAgent: agent,
      ...(agent === 'on' ? { AgentId: newAgentId() } : {}),
      Engine: toExtras(ask.engine ?? {}),
    },
  })
  if (ask.driver.keepsSwarm) repeatSwarm(record)
  noteAuthority(record, w)
  return record
}

/** Makes the machine's SSH key where the driver asks for one; returns its public line. Kept when a create goes on. */
async function machineKey(ask: CreateAsk, record: MachineRecord, w: World): Promise<string> {
  const { driver, name } = ask
  if (driver.keys === 'own') return ''
  // Docker Machine's file name whatever the key's type: people's scripts run `ssh -i …/id_rsa`.
  const parts = ['machines', name, 'id_rsa'] as const
  record.Driver.SSHKeyPath = w.store.filePath([...parts])
  const kept = await w.store.readFile(['machines', name, 'id_rsa.pub'])
  if (kept !== undefined && (await w.store.readFile([...parts])) !== undefined) return kept.trim()
  const pair = await generateKeyPair(driver.keys, name)
  await w.store.writeFile([...parts], pair.privatePem, 0o600)
  await w.store.writeFile(['machines', name, 'id_rsa.pub'], `${pair.publicLine}\n`, 0o644)
  return pair.publicLine
}

async function preflight(ask: CreateAsk, draft: MachineRecord, w: World): Promise<void> {
  const { agentRegistry: registry, agentOperatorMounts: operatorMounts } = ask.engine ?? {}
  checkAgentSettings({ registry, operatorMounts })
  if (ask.driver.provisions) checkAsk(engineAsk(draft, enginePort(draft)))
  const usable = await ask.driver.usable({ env: w.env, signal: w.signal })
  try {
    if (!usable.usable)
      throw new MachineError('DRIVER_UNUSABLE', `driver ${ask.driver.name} cannot be used on this computer`, {
        hints: [...usable.missing],
      })
    await ask.driver.preflight(ask.config, driverCtx(ask.name, w))
    if (ask.context) await checkContext(ask.name, w, ask.context)
  } catch (cause) {
    if (w.signal.aborted) throw cause
    if (cause instanceof UsageError)
      throw new UsageError(
        `Error setting machine configuration from flags provided: ${cause.message}`,
        cause.suggestions,
      )
    throw new MachineError('PRECREATE', `Error with pre-create check: ${JSON.stringify(messageOf(cause))}`, {
      hints: cause instanceof MachineError ? cause.suggestions : [],
      cause,
      exit: EXIT.precreate,
    })
  }
}

/** The interrupted record of this name when `resume` asks for it; throws when the name is taken. */
async function resumable(ask: CreateAsk, w: World): Promise<MachineRecord | undefined> {
  if (!(await w.store.exists(ask.name))) return undefined
  const taken = (hints: string[]) =>
    new MachineError('ALREADY_EXISTS', `Docker machine "${ask.name}" already exists`, { hints })
  const record = await loadRecord(w.store, ask.name).catch(error => {
    if (hasCode(error, 'RECORD_UNREADABLE')) throw taken([`${w.program} rm -f ${ask.name} removes it`])
    throw hasCode(error, 'RECORD_FUTURE') ? taken([]) : error
  })
  const phase = record.Machine?.Phase ?? 'ready'
  if (phase === 'ready') throw taken([])
  // Another process may be at it right now: then that is what there is to say, and this throws it.
  await (await w.store.lock(ask.name, { purpose: `create ${ask.name}` }))[Symbol.asyncDispose]()
  if (!ask.resume)
    throw taken([
      `its create was interrupted: ${w.program} create --resume … ${ask.name} goes on`,
      `${w.program} rm ${ask.name} removes what was made`,
    ])
  if (record.DriverName !== ask.driver.name)
    throw taken([`it was begun with driver ${record.DriverName}: name that one to go on`])
  return record
}

/** `create --resume`: what the driver had half made is removed and made anew, as asked now; a host made whole is kept. */
async function goOn(ask: CreateAsk, record: MachineRecord, draft: MachineRecord, w: World): Promise<Machine> {
  if (record.Machine?.Phase === 'provisioning') return await finish(record, ask.driver, w)
  await ask.driver.remove(record.Driver, driverCtx(ask.name, w))
  return await make(ask, draft, w)
}

export function saver(name: string, w: World): (record: MachineRecord) => Promise<void> {
  return record => w.store.writeText(name, renderRecord(record))
}
