/** What `ls` shows: a row a machine, each asked at the same time and each with its own deadline. */
import type { Instance, Status } from '../../drivers/driver.ts'
import { MachineError, messageOf } from '../errors.ts'
import { type CertificateWatch, type Expiring, watchCertificates } from './expiring.ts'
import { engineUrl, inspectInstance, isSecured } from './instance.ts'
import { type Filter, parseFilters } from './list-filter.ts'
import { type Loaded, loadAll } from './load-all.ts'
import { worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { swarmUrl } from './swarm.ts'
import { renewIfSoon } from './trust/renew-soon.ts'
import type { World } from './world.ts'

export interface Row {
  readonly name: string
  /** True for the machine DOCKER_HOST points at. */
  readonly active: boolean
  /** True for the master of the swarm DOCKER_HOST points at. */
  readonly activeSwarm: boolean
  /** 'not found' for a record that cannot be read, 'not-found' where its driver is not here. */
  readonly driver: string
  readonly state: Status
  readonly url: string
  /** The master of the swarm the machine is in: 'm1', of itself 'm1 (master)', '' in none. */
  readonly swarm: string
  /** 'v28.5.2'; 'Unknown' where no engine answered, '' where there was no time to ask. */
  readonly docker: string
  /** What is wrong with this machine, on one line; '' for nothing. */
  readonly error: string
  /** Certificates that run out within 14 days. */
  readonly expiring: readonly Expiring[]
  /** What the machine's agent says is wrong or about to be; none where there is no agent. */
  readonly problems: readonly string[]
  /** How long the machine took to answer, in milliseconds. */
  readonly responseMs: number
}

/** A row, and the record it is about where that can be read. */
export interface Listed {
  readonly row: Row
  readonly record: MachineRecord | undefined
}

export interface ListOptions {
  /** How long one machine may take to answer, in milliseconds; 10 s by default. */
  timeoutMs?: number
  /** `key=value` with key one of swarm, driver, state, name, label; values of one key are alternatives. */
  filters?: readonly string[]
}

const TIMEOUT_MS = 10_000

/** Rows of the machines that match, in natural order; records that cannot be read are among them whatever the filters. */
export async function listMachines(w: World, options: ListOptions = {}): Promise<Row[]> {
  return (await listWithRecords(w, options)).map(listed => listed.row)
}

export async function listWithRecords(w: World, options: ListOptions = {}): Promise<Listed[]> {
  const { timeoutMs = TIMEOUT_MS } = options
  const filter = parseFilters(options.filters ?? [])
  const certificates = watchCertificates(w)
  const material = clientMaterials(w)
  const looking: Looking = { timeoutMs, certificates, material, ends: new Map(), w }
  const wanted = (await loadAll(w)).filter(loaded => !loaded.record || filter.matches(loaded))
  const listed = async (loaded: Loaded) => ({ row: await rowOf(loaded, looking), record: loaded.record })
  const seen = await Promise.all(wanted.map(listed))
  w.signal.throwIfAborted() // rows of an interrupted look say nothing
  const renewed = await renewWhereDue(looking)
  const rows = await Promise.all(
    seen.map(async (one, i) => (renewed.has(one.record) ? await listed(wanted[i] as Loaded) : one)),
  )
  return rows.filter(({ row, record }) => !record || filter.matchesState(row.state))
}

/** Renews server certificates that run out, of machines whose agents were just spoken to; returns those machines. */
async function renewWhereDue({ ends, w }: Looking): Promise<Set<unknown>> {
  const all = [...ends].map(async ([record, notAfter]) => (await renewIfSoon(record, w, notAfter)) && record)
  return new Set((await Promise.all(all)).filter(Boolean))
}

/** Names of the machines that match and whose records can be read; asks them only where states are filtered by. */
export async function listNames(w: World, options: ListOptions = {}): Promise<string[]> {
  const { timeoutMs = TIMEOUT_MS } = options
  const filter = parseFilters(options.filters ?? [])
  const wanted = (await loadAll(w)).filter(loaded => loaded.record && filter.matches(loaded))
  const holds = await Promise.all(wanted.map(loaded => stateMatches(loaded, filter, timeoutMs, w)))
  w.signal.throwIfAborted()
  return wanted.filter((_, i) => holds[i]).map(loaded => loaded.name)
}

async function stateMatches({ record, known }: Loaded, filter: Filter, timeoutMs: number, w: World): Promise<boolean> {
  if (!filter.byState) return true
  if (!record || !known) return filter.matchesState('Error')
  const seen = await inTime(timeoutMs, w, signal => inspectInstance(record, w, signal)).catch(() => 'error' as const)
  return filter.matchesState(seen === 'late' ? 'Timeout' : seen === 'error' ? 'Error' : seen.status)
}

interface Looking {
  readonly timeoutMs: number
  readonly certificates: CertificateWatch
  /** What the machine's engine is spoken to with. */
  readonly material: (record: MachineRecord) => Promise<{ ca: string; cert: string; key: string }>
  /** When server certificates end, as the look finds it. */
  readonly ends: Map<MachineRecord, string>
  readonly w: World
}

async function rowOf(loaded: Loaded, looking: Looking): Promise<Row> {
  const { w, timeoutMs, certificates } = looking
  const { name, driver, record } = loaded
  const started = performance.now()
  const swarm = record?.HostOptions.SwarmOptions?.Master ? `${name} (master)` : loaded.master
  const none = { active: false, activeSwarm: false, url: '', docker: 'Unknown', error: '', expiring: [], problems: [] }
  const base = { name, ...none, driver, state: '' as Status, swarm }
  const finish = (more: Partial<Row>): Row => ({
    ...base,
    ...more,
    responseMs: Math.round(performance.now() - started),
  })
  if (!record || !loaded.known) return finish({ state: 'Error', error: loaded.error })
  const expiring = isSecured(record, w) ? certificates.expiring(record) : []
  const seen = await inTime(timeoutMs, w, signal => look(record, signal, looking))
  const row = seen === 'late' ? { state: 'Timeout' as const, docker: '' } : seen
  return finish({ ...row, expiring: await expiring })
}

/** What `work` says, or 'late' when the time is over, whether or not it heeds the signal. */
async function inTime<T>(ms: number, w: World, work: (signal: AbortSignal) => Promise<T>): Promise<T | 'late'> {
  const deadline = AbortSignal.timeout(ms)
  const late = new Promise<'late'>(resolve => deadline.addEventListener('abort', () => resolve('late'), { once: true }))
  return await Promise.race([work(AbortSignal.any([w.signal, deadline])), late])
}

async function look(record: MachineRecord, signal: AbortSignal, looking: Looking): Promise<Partial<Row>> {
  const { w } = looking
  try {
    const instance: Instance = await inspectInstance(record, w, signal)
    const url = engineUrl(record, instance)
    const half = record.Machine && record.Machine.Phase !== 'ready' ? unfinished(record, w) : ''
    const host = w.env.DOCKER_HOST || undefined
    const active = url !== '' && url === host
    const activeSwarm = host !== undefined && swarmUrl(record, url) === host
    const shown = { state: instance.status, url, active, activeSwarm, error: half }
    if (url === '' || half !== '') return shown
    return { ...shown, ...(await engineOf(record, url, signal, looking)) }
  } catch (error) {
    return { state: 'Error', error: messageOf(error) }
  }
}

function unfinished(record: MachineRecord, w: World): string {
  return record.Machine?.Phase === 'creating'
    ? `create was interrupted: ${w.program} rm ${record.Name} removes what was made`
    : `provisioning was interrupted: ${w.program} provision ${record.Name} goes on`
}

/** The engine's version; a machine of `none` may answer over plain TCP or not at all, which is no error of ours. */
async function engineOf(
  record: MachineRecord,
  url: string,
  signal: AbortSignal,
  looking: Looking,
): Promise<Partial<Row>> {
  try {
    const { seeEngine } = await import('./see-engine.ts')
    const at = { url, ...(await looking.material(record)), timeoutMs: looking.timeoutMs, signal }
    const { version, error, problems, health } = await seeEngine(record, at)
    if (health) looking.ends.set(record, health.certificate.notAfter)
    return { docker: version === undefined ? 'Unknown' : `v${version}`, error, problems }
  } catch (error) {
    const known = error instanceof MachineError && isSecured(record, looking.w)
    return { docker: 'Unknown', error: known ? messageOf(error) : '' }
  }
}

/** What each machine's engine is spoken to with; read once for all that have the same, and five hundred may. */
function clientMaterials(w: World): Looking['material'] {
  const read = new Map<string, ReturnType<Looking['material']>>()
  return async record => {
    const its = await worldFor(record, w)
    const key = JSON.stringify(its.tlsPaths)
    const material = read.get(key) ?? import('./authority.ts').then(({ clientMaterial }) => clientMaterial(its))
    read.set(key, material)
    return await material
  }
}
