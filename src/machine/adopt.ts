/**
 * `adopt`: a record for a host that another copy of this program, or docker-machine, set up. Where this store's certificates
 * are good there, nothing on the host is touched; where they are not, new ones are issued only after a yes, because old
 * clients are shut out by them.
 */
import { join } from 'node:path'
import { pingEngine } from '../engine/ping.ts'
import { MachineError } from '../errors.ts'
import { writeKnownHosts } from '../ssh/known-hosts.ts'
import { type AdoptTarget, type FoundHost, type Look, lookAtHost } from './adopt-look.ts'
import { clientMaterial, copyClientMaterial, keepServerCert, loadOrCreateCa } from './authority.ts'
import { bringUp } from './bring-up.ts'
import { saver } from './create.ts'
import { toEngineOptions, toExtras } from './engine-settings.ts'
import { driverCtx } from './instance.ts'
import { type MachineRecord, newRecord, renderRecord } from './record.ts'
import type { World } from './world.ts'

export interface AdoptAsk extends AdoptTarget {
  /** The machine's name here; what the host's certificate calls it by default. */
  readonly name?: string
}

export interface AdoptOptions {
  /** Only tell what is there. */
  dryRun?: boolean
  /** Asked before certificates are replaced; without it, or with false, nothing is done (CERTS_FOREIGN). */
  replaceCertificates?: (name: string, found: FoundHost) => Promise<boolean>
}

export interface Adopted {
  readonly name: string
  readonly found: FoundHost
  /** False after a dry run. */
  readonly adopted: boolean
  /** Ids of the provisioning steps that had to be applied. */
  readonly changed: readonly string[]
}

/** Throws NOT_ADOPTABLE, ALREADY_EXISTS, CERTS_FOREIGN, and what SSH and provisioning throw. */
export async function adoptHost(ask: AdoptAsk, w: World, options: AdoptOptions = {}): Promise<Adopted> {
  if (ask.name !== undefined) await refuseTaken(ask.name, w)
  const look = await lookAtHost(ask, w)
  const { found } = look
  const name = ask.name ?? found.name
  await refuseTaken(name, w)
  if (options.dryRun) return { name, found, adopted: false, changed: [] }
  if (found.certificates !== 'ours' && !(await options.replaceCertificates?.(name, found)))
    throw new MachineError(
      'CERTS_FOREIGN',
      `"${name}" is not adopted, and nothing was changed on its host: ${found.problem}`,
      {
        hints: [
          `where it is managed now: ${w.program} export ${name}; then import the bundle here`,
          '--replace-certs issues new ones; clients with the old ones are then shut out',
        ],
      },
    )

  await using _lock = await w.store.lock(name, { purpose: `adopt ${name}`, signal: w.signal })
  if (found.certificates === 'ours') await answers(found, w)
  else await loadOrCreateCa(w)
  const record = await claim(name, look, w)
  const changed = found.certificates === 'ours' ? await keep(record, look, w) : await replace(record, w)
  if (record.Machine) record.Machine.Phase = 'ready'
  await saver(name, w)(record)
  return { name, found, adopted: true, changed }
}

async function refuseTaken(name: string, w: World): Promise<void> {
  w.store.checkName(name)
  if (!(await w.store.exists(name))) return
  throw new MachineError('ALREADY_EXISTS', `Docker machine "${name}" already exists`, {
    hints: ['--name OTHER gives it another name here'],
  })
}

/** Before anything is written: the engine must take our client certificate, and show one that we take. */
async function answers({ address, enginePort }: FoundHost, w: World): Promise<void> {
  const host = address.includes(':') ? `[${address}]` : address
  const its = await clientMaterial(w)
  await pingEngine({ url: `tcp://${host}:${enginePort}`, ...its, timeoutMs: 20_000, signal: w.signal })
}

/** The name is taken with a record of a host whose set-up is not known to be whole; then its driver's state and keys. */
async function claim(name: string, { found, hostKey, reached }: Look, w: World): Promise<MachineRecord> {
  const driver = w.drivers.find(d => d.adopting)
  if (!driver?.adopting) throw new MachineError('DRIVER_NOT_FOUND', 'no driver of this version takes over hosts')
  const { settings, enginePort, provider, tlsSans, agentId } = found
  const record = newRecord({
    name,
    driverName: driver.name,
    storePath: w.store.path,
    engine: toEngineOptions(settings),
    swarm: {},
    tlsSans: [...tlsSans],
    machine: {
      Phase: 'creating',
      Created: w.now().toISOString(),
      HostKeys: [hostKey],
      EnginePort: enginePort,
      EngineAgent: agentId === undefined ? 'off' : 'on',
      ...(agentId === undefined ? {} : { AgentId: agentId }),
      Engine: toExtras(settings),
      ...(provider === undefined || provider === driver.name ? {} : { Provider: provider }),
    },
  })
  await w.store.createMachineDir(name, renderRecord(record))
  w.point('name claimed')
  const save = saver(name, w)
  const checkpoint = async (state: Record<string, unknown>) => {
    Object.assign(record.Driver, state)
    await save(record)
  }
  const ctx = { ...driverCtx(name, w), publicKey: '', enginePort, checkpoint }
  Object.assign(record.Driver, await driver.create(driver.adopting(reached), ctx))
  if (record.Machine) record.Machine.Phase = 'provisioning'
  await save(record)
  w.point('host recorded')
  return record
}

/** The certificates there are good: only our side of them is put in place. */
async function keep(record: MachineRecord, { hostKey, serverCertPem, reached }: Look, w: World): Promise<string[]> {
  const dir = w.store.machineDir(record.Name)
  await writeKnownHosts(join(dir, 'known_hosts'), reached.address, reached.port, [hostKey])
  await copyClientMaterial(w, record.Name)
  await keepServerCert(w, record.Name, serverCertPem)
  w.point('certificates copied')
  return []
}

async function replace(record: MachineRecord, w: World): Promise<readonly string[]> {
  return (await bringUp(record, w, { save: saver(record.Name, w) })).changed
}
