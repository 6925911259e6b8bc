/** `env`, `config`, `version`: where a Docker client finds a machine, after a look that it does answer. */
import { MachineError } from '../errors.ts'
import { remedies } from './advice.ts'
import { prefixed, prepareCheck } from './check-tls.ts'
import { machineVariables, noProxyVariable, type Variables } from './environment.ts'
import { isSecured, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { worldFor } from './own-authority.ts'
import { managerUrl } from './swarm.ts'
import type { World } from './world.ts'

export interface Connection {
  readonly name: string
  readonly url: string
  /** Folder with ca.pem, cert.pem and key.pem, for DOCKER_CERT_PATH. */
  readonly certPath: string
}

export interface ConnectionOptions {
  /** Look whether it answers, with a mutual TLS handshake; true by default. */
  check?: boolean
  /** The swarm manager instead of the engine. Throws unless the machine is a swarm master. */
  swarm?: boolean
  /** What the error of a failed check begins with; Docker Machine's `env` and `config` differ there. */
  failure?: string
}

/** Where the machine's engine is; with `check` (the default) only after a mutual TLS handshake with it. */
export async function connection(name: string, w: World, options: ConnectionOptions = {}): Promise<Connection> {
  const record = await loadRecord(w.store, name, w.program)
  const { check = true, failure = 'Error checking TLS connection' } = options
  // What the handshake needs is read and loaded while the driver looks where the machine is.
  const checking = check && isSecured(record, w) ? prepareCheck(record, w) : undefined
  checking?.catch(() => {}) // if the machine does not run, that is what is told
  const engine = await runningUrl(record, w)
  return await prefixed(failure, async () => {
    const url = options.swarm ? managerUrl(record, engine) : engine
    await (await checking)?.(url, engine)
    return { name, url, certPath: w.store.machineDir(name) }
  })
}

export interface EnvOptions {
  /** False: without asking the engine first. */
  check?: boolean
  /** Also put the machine's address into no_proxy. */
  noProxy?: boolean
  /** The swarm manager instead of the engine. */
  swarm?: boolean
}

export async function environmentOf(name: string, w: World, options: EnvOptions = {}): Promise<Variables> {
  const at = await connection(name, w, options)
  const variables = machineVariables({ ...at, windows: w.platform === 'win32' })
  return options.noProxy ? [...variables, noProxyVariable(w.env, new URL(at.url).hostname)] : variables
}

/** Version of the engine a machine runs, asked of the engine itself. */
export async function engineVersion(name: string, w: World): Promise<string> {
  const { clientMaterial } = await import('./authority.ts')
  const { pingEngine } = await import('../engine/ping.ts')
  const record = await loadRecord(w.store, name, w.program)
  const url = await runningUrl(record, w)
  const at = { url, ...(await clientMaterial(await worldFor(record, w))), timeoutMs: 20_000, signal: w.signal }
  const { version } = await pingEngine(at).catch(cause => {
    if (!(cause instanceof MachineError)) throw cause
    throw new MachineError(cause.code, cause.message, { hints: remedies(cause, record, w), cause })
  })
  return version
}
