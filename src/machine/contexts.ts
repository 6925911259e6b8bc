/** Docker contexts of machines: made or updated, and removed. The docker client then reaches a machine with no variable set. */
import { MachineError, UsageError } from '../errors.ts'
import { connection } from './connect.ts'
import {
  type ClientTls,
  type ContextMeta,
  contextNameProblem,
  deleteContext,
  readContext,
  readTls,
  writeContext,
} from './context-files.ts'
import { contextsOf, newMark, refuseForeign } from './context-owner.ts'
import { currentContext, dockerConfigDir, setCurrentContext } from './docker-config.ts'
import { driverOf } from './instance.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

export interface ContextOptions {
  /** Name of the context; the machine's by default. */
  contextName?: string
  /** Take over (or remove) a context of this name that is not the machine's. */
  force?: boolean
}

/** What became of a context. */
export interface ContextChange {
  readonly machine: string
  readonly context: string
  /** The engine's URL. */
  readonly host: string
  readonly change: 'created' | 'updated' | 'unchanged' | 'removed'
  /** Whether docker now uses it where nothing else is said. */
  readonly current: boolean
}

/** Throws, having changed nothing, when `setContext` with the same options would refuse the name. Returns the name. */
export async function checkContext(machine: string, w: World, options: ContextOptions = {}): Promise<string> {
  const name = options.contextName ?? machine
  const problem = contextNameProblem(name)
  if (problem) throw new UsageError(problem, ['--context-name NAME gives the context another name than the machine’s'])
  if (!options.force) refuseForeign(name, await readContext(dockerConfigDir(w), name), machine, w)
  return name
}

/**
 * Makes or updates the context of a running machine; `use` also makes it docker's current one, in every terminal. Throws
 * UsageError for names docker refuses, CONTEXT_TAKEN for contexts of others, DOCKER_CONFIG when nothing can be written.
 */
export async function setContext(
  machine: string,
  w: World,
  options: ContextOptions & { use?: boolean } = {},
): Promise<ContextChange> {
  await using _lock = await lockUnlessReadOnly(machine, w)
  const name = await checkContext(machine, w, options)
  const configDir = dockerConfigDir(w)
  const { url } = await connection(machine, w, { check: false })
  const tls = await machineTls(machine, w)
  if (!tls) await refuseWithoutTls(machine, w)
  const before = await readContext(configDir, name)
  const change = await putContext(configDir, before, contextMeta(name, machine, url, before, w), tls)
  if (options.use) await setCurrentContext(configDir, name)
  return { machine, context: name, host: url, change, current: (await currentContext(configDir)) === name }
}

/**
 * Removes the machine's contexts, or the one named; those of others only by name and with `force`. The machine need not
 * be there any more. A removed context that was docker's current one is current no longer.
 */
export async function removeContexts(
  machine: string,
  w: World,
  options: ContextOptions = {},
): Promise<ContextChange[]> {
  const configDir = dockerConfigDir(w)
  const { contextName, force = false } = options
  const own = await contextsOf(configDir, machine, w)
  const named = contextName === undefined ? undefined : await readContext(configDir, contextName)
  if (contextName !== undefined && !force) refuseForeign(contextName, named, machine, w)
  const doomed = contextName === undefined ? own.map(meta => meta.Name) : named === undefined ? [] : [contextName]
  const current = await currentContext(configDir)
  const host = (name: string) => own.find(meta => meta.Name === name)?.Endpoints?.docker?.Host ?? ''
  for (const name of doomed) {
    if (name === current) await setCurrentContext(configDir, undefined)
    await deleteContext(configDir, name)
  }
  return doomed.map(name => ({ machine, context: name, host: host(name), change: 'removed', current: false }))
}

/** meta.json as it should be; what others put into it (a description, fields of other tools) stays. */
export function contextMeta(
  name: string,
  machine: string,
  host: string,
  before: ContextMeta | 'unreadable' | undefined,
  w: World,
): ContextMeta {
  const old = before === 'unreadable' ? undefined : before
  const description = { Description: `machine ${machine}` }
  const Metadata = { ...description, ...old?.Metadata, Machine: newMark(machine, w) }
  return { Name: name, Metadata, Endpoints: { ...old?.Endpoints, docker: { Host: host, SkipTLSVerify: false } } }
}

/** Writes a context unless it is just so already. */
export async function putContext(
  configDir: string,
  before: ContextMeta | 'unreadable' | undefined,
  meta: ContextMeta,
  tls: ClientTls | undefined,
): Promise<'created' | 'updated' | 'unchanged'> {
  const same =
    JSON.stringify(before) === JSON.stringify(meta) &&
    JSON.stringify(await readTls(configDir, meta.Name)) === JSON.stringify(tls)
  if (same) return 'unchanged'
  await writeContext(configDir, meta, tls)
  return before === undefined ? 'created' : 'updated'
}

/** The client files DOCKER_CERT_PATH would name; none for a machine whose engine speaks no TLS (`none`). */
export async function machineTls(machine: string, w: World): Promise<ClientTls | undefined> {
  const read = (file: string) => w.store.readFile(['machines', machine, file])
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return ca === undefined || cert === undefined || key === undefined ? undefined : { ca, cert, key }
}

/** An engine of ours speaks to nobody without certificates; those come with a create that went to its end. */
async function refuseWithoutTls(machine: string, w: World): Promise<void> {
  if (!driverOf(await loadRecord(w.store, machine, w.program), w).provisions) return
  throw new MachineError('NO_CERTS', `machine "${machine}" has no client certificates yet`, {
    hints: [`${w.program} provision ${machine} goes on with its create`],
  })
}

/** `rm` at the same time must not leave a context behind. Who may only read a store may still use its machines. */
async function lockUnlessReadOnly(machine: string, w: World): Promise<AsyncDisposable | undefined> {
  if (w.store.holds(machine) || !(await w.store.exists(machine))) return undefined
  try {
    return await w.store.lock(machine, { purpose: `context ${machine}`, signal: w.signal })
  } catch (error) {
    if (error instanceof MachineError && error.code === 'STORE_UNWRITABLE') return undefined
    throw error
  }
}
