/** What `adopt` finds on a host that another copy of this program, or docker-machine, set up. Changes nothing there. */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { ReachedHost } from '../../drivers/driver.ts'
import { type Facts, readFacts } from '../../provisioning/facts.ts'
import { foundSettings } from '../../provisioning/found-settings.ts'
import { liveRestoreOn } from '../../provisioning/live-restore.ts'
import { served } from '../../provisioning/served.ts'
import { namesIn, pairProblem, serverCertProblem } from '../certs/index.ts'
import { MachineError } from '../errors.ts'
import { clientMaterial } from './authority.ts'
import type { EngineSettings } from './engine-settings.ts'
import { DEFAULT_ENGINE_PORT, enginePort, inspectInstance } from './instance.ts'
import { type MachineRecord, newRecord } from './record.ts'
import { dialMachine } from './session.ts'
import type { World } from './world.ts'

/** A host that is on answers within this, in milliseconds. */
const ANSWER_MS = 20_000

export interface AdoptTarget {
  readonly address: string
  readonly user: string
  readonly port: number
  readonly keyPath?: string
  /** Where the engine listens, if the host does not tell. */
  readonly enginePort?: number
}

/** 'ours': this store's certificates are good there; 'renew': the CA is ours, the server certificate will not do; 'foreign': another CA. */
export type CertificateState = 'ours' | 'renew' | 'foreign'

export interface FoundHost {
  /** What the host's certificate calls the machine, else the host's own name. */
  readonly name: string
  /** The address its certificate is for, where that differs from the name it was reached by. */
  readonly address: string
  readonly os: string
  readonly engineVersion: string
  readonly enginePort: number
  /** Which program set it up. */
  readonly by: 'machine' | 'docker-machine'
  readonly settings: EngineSettings
  /** Id of the engine agent, where one is in front of the engine. */
  readonly agentId?: string
  /** Driver it was made with, by its engine's label. */
  readonly provider?: string
  readonly tlsSans: readonly string[]
  readonly containers: number
  /** Containers outlive a restart of the engine. */
  readonly liveRestore: boolean
  readonly certificates: CertificateState
  /** Why the certificates there will not do from here. */
  readonly problem?: string
}

/** What is found, with what the record needs and nobody has to see. */
export interface Look {
  readonly found: FoundHost
  readonly hostKey: string
  readonly serverCertPem: string
  readonly reached: ReachedHost
}

/** Throws what `dialMachine` throws, and NOT_ADOPTABLE where neither program set an engine up. */
export async function lookAtHost(target: AdoptTarget, w: World): Promise<Look> {
  const { facts, hostKey } = await read(target, w)
  const { ask, by, provider, port, agent } = foundSettings(facts)
  const { serverCertPem: certPem, caPem } = served(facts)
  const at = `${target.user}@${target.address}`
  if (!facts.engine || !certPem || !caPem || by === undefined)
    throw new MachineError('NOT_ADOPTABLE', `neither machine nor docker-machine set up an engine on ${at}`, {
      hints: [
        `${w.program} create -d generic --generic-ip-address ${target.address} --generic-ssh-user ${target.user} NAME puts one there, or takes over the one that is there`,
      ],
    })
  const enginePort = target.enginePort ?? port
  if (enginePort === undefined)
    throw new MachineError('NO_ENGINE_PORT', `the engine on ${at} is set to listen on no TCP port`, {
      hints: [`say which with --engine-port (${DEFAULT_ENGINE_PORT} is the usual one)`],
    })
  const address = await addressIn(certPem, target.address)
  const problem = await certificateProblem(facts, address, w)
  const said = namesIn(certPem)
  const own = new Set([address, target.address, 'localhost', '127.0.0.1', '::1', '0:0:0:0:0:0:0:1'])
  const found: FoundHost = {
    name: said.commonName || said.organization.replace(/^[^.]*\./, '') || facts.hostname,
    address,
    os: facts.os.pretty,
    engineVersion: facts.engine.version,
    enginePort,
    by,
    settings: settingsFrom(ask, agent?.operatorMounts),
    ...(agent === undefined ? {} : { agentId: agent.id }),
    ...(provider === undefined ? {} : { provider }),
    tlsSans: said.names.filter(name => !own.has(name)),
    containers: facts.containers,
    liveRestore: liveRestoreOn(facts),
    certificates: problem?.state ?? 'ours',
    ...(problem ? { problem: problem.why } : {}),
  }
  const { user, port: sshPort, keyPath } = target
  const reached = { address, user, port: sshPort, enginePort, ...(keyPath ? { keyPath } : {}) }
  return { found, hostKey, serverCertPem: certPem, reached }
}

/** Why the certificates of an engine that either program set up will not do here; undefined where they do, or none did. */
export async function certificatesThere(
  record: MachineRecord,
  w: World,
): Promise<{ state: 'renew' | 'foreign'; why: string; containers: number; liveRestore: boolean } | undefined> {
  const instance = await inspectInstance(record, w)
  await using host = await dialMachine(record, instance, w, { deadlineMs: ANSWER_MS })
  const facts = await readFacts(host, enginePort(record), w.signal)
  if (!facts.engine || foundSettings(facts).by === undefined || !served(facts).caPem) return undefined
  const problem = await certificateProblem(facts, instance.address ?? '', w)
  return problem && { ...problem, containers: facts.containers, liveRestore: liveRestoreOn(facts) }
}

async function read(target: AdoptTarget, w: World): Promise<{ facts: Facts; hostKey: string }> {
  const { address, user, port, keyPath, enginePort = DEFAULT_ENGINE_PORT } = target
  const named = { name: address, driverName: '', storePath: w.store.path, engine: {}, swarm: {}, tlsSans: [] }
  const record = newRecord({ ...named, machine: { Phase: 'ready' } }) // there is none yet
  const ssh = { user, port, ...(keyPath ? { keyPath } : {}) }
  await using host = await dialMachine(record, { status: 'Running', address, ssh }, w, { deadlineMs: ANSWER_MS })
  return { facts: await readFacts(host, enginePort, w.signal), hostKey: host.hostKey }
}

function settingsFrom(ask: ReturnType<typeof foundSettings>['ask'], mounts: readonly string[] = []): EngineSettings {
  const { storageDriver, liveRestore, logRotation } = ask
  return {
    opts: [...ask.opts],
    labels: [...ask.labels],
    env: [...ask.env],
    insecureRegistries: [...ask.insecureRegistries],
    registryMirrors: [...ask.registryMirrors],
    ...(storageDriver === undefined ? {} : { storageDriver }),
    ...(liveRestore === undefined ? {} : { liveRestore }),
    ...(logRotation === undefined ? {} : { logRotation }),
    ...(mounts.length === 0 ? {} : { agentOperatorMounts: [...mounts] }),
  }
}

/** docker-machine's certificates are for the address alone: a host reached by name is kept by the address they cover. */
async function addressIn(certPem: string, given: string): Promise<string> {
  const covered = new Set(namesIn(certPem).names)
  if (isIP(given) || covered.has(given)) return given
  const resolved = await lookup(given, { all: true }).catch(() => []) // SSH may know the way where DNS does not
  return resolved.map(r => r.address).find(address => covered.has(address)) ?? given
}

async function certificateProblem(
  facts: Facts,
  address: string,
  w: World,
): Promise<{ state: 'renew' | 'foreign'; why: string } | undefined> {
  const { caPem: theirs = '', serverCertPem = '', publicKeyPem } = served(facts)
  const mine = await clientMaterial(w).catch(() => undefined) // a store without certificates yet
  if (!mine) return { state: 'foreign', why: 'its certificates are of another CA, and this store has none yet' }
  const now = w.now()
  const trusted = pairProblem({ certPem: mine.cert, keyPem: mine.key, caPem: theirs, now }) === undefined
  const check = { certPem: serverCertPem, caPem: mine.ca, now, renewWithinDays: 0 }
  const foreign = serverCertProblem({ ...check, names: [] })
  if (!trusted || foreign?.includes('not signed'))
    return { state: 'foreign', why: 'its certificates are of another CA, whose key is not in this store' }
  const names = [address]
  const why = serverCertProblem({ ...check, names, ...(publicKeyPem ? { publicKeyPem } : {}) })
  return why === undefined ? undefined : { state: 'renew', why: `its server certificate ${why}` }
}
