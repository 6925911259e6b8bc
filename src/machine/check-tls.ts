/** Whether a client gets through to a machine's engine, asked before its address is given out. */
import { MachineError, messageOf } from '../errors.ts'
import { remedies } from './advice.ts'
import type { MachineRecord } from './record.ts'
import { renewIfSoon } from './trust/renew-soon.ts'
import type { World } from './world.ts'

interface Material {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/** Docker Machine's words before what went wrong, because scripts look for them. */
export async function prefixed<T>(words: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof MachineError)) throw cause
    throw new MachineError(cause.code, `${words}: ${cause.message}`, { hints: cause.suggestions, cause })
  }
}

/** A mutual TLS handshake with `url`; where that is a swarm manager that is down, one with the engine says so. */
export type Check = (url: string, engineUrl: string) => Promise<void>

/** Reads and loads what the check of a machine needs. */
export async function prepareCheck(record: MachineRecord, w: World): Promise<Check> {
  const [copies] = await Promise.all([copiesOf(record.Name, w), import('../engine/handshake.ts')])
  return (url, engineUrl) => check({ record, copies, w }, url, engineUrl)
}

interface Checked {
  readonly record: MachineRecord
  /** What lies in the machine's folder. */
  readonly copies: Material
  readonly w: World
}

async function check(machine: Checked, url: string, engineUrl: string): Promise<void> {
  const { record, w } = machine
  const problem = await handshake(machine, url)
  if (problem === undefined) return
  if (url !== engineUrl && (await handshake(machine, engineUrl)) === undefined)
    throw new MachineError(
      'SWARM_DOWN',
      'Connection to Swarm cannot be checked but the certs are valid. Maybe swarm is not started',
      { cause: problem },
    )
  const host = url.replace(/^tcp:\/\//, '')
  throw new MachineError(
    'TLS_CHECK',
    `Error checking and/or regenerating the certs: There was an error validating certificates for host "${host}": ${messageOf(problem)}`,
    { hints: remedies(problem, record, w), cause: problem },
  )
}

/** What is wrong, or undefined. */
async function handshake(machine: Checked, url: string): Promise<unknown> {
  const { record, copies, w } = machine
  if (Object.keys(w.tlsPaths).length > 0) return await handshakeAsTold(machine, url)
  const done = await attempt(url, copies, w)
  if (typeof done === 'string') await renewIfSoon(record, w, done)
  return problemIn(done)
}

/** With the files that flags name; where the machine does not take them, it may still take those in its folder. */
async function handshakeAsTold({ record, copies, w }: Checked, url: string): Promise<unknown> {
  const { clientMaterial, copyClientMaterial } = await import('./authority.ts')
  const { worldFor } = await import('./own-authority.ts')
  const its = await worldFor(record, w)
  const named = await clientMaterial(its)
  if (same(named, copies)) return problemIn(await attempt(url, copies, w))
  const problem = problemIn(await attempt(url, named, w))
  if (problem !== undefined) return problemIn(await attempt(url, copies, w)) === undefined ? undefined : problem
  // DOCKER_CERT_PATH names the folder: what was just tried must lie there.
  await locked(record.Name, w, () => copyClientMaterial(its, record.Name))
  return undefined
}

async function locked(name: string, w: World, work: () => Promise<void>): Promise<void> {
  await using _lock = await w.store.lock(name, { purpose: `env ${name}`, waitMs: 5000, signal: w.signal })
  await work()
}

/** When the engine's certificate ends, a text; or what is wrong. */
async function attempt(url: string, material: Material, w: World): Promise<unknown> {
  const { tlsHandshake } = await import('../engine/handshake.ts')
  try {
    return await tlsHandshake({ url, ...material, signal: w.signal })
  } catch (error) {
    if (w.signal.aborted) throw error
    return error
  }
}

const problemIn = (attempted: unknown) => (typeof attempted === 'string' ? undefined : attempted)

async function copiesOf(name: string, w: World): Promise<Material> {
  const read = async (file: string) => (await w.store.readFile(['machines', name, file])) ?? ''
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return { ca, cert, key }
}

function same(a: Material, b: Material): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key
}
