/** `env`, `config`, `url`, `active`: where a Docker client finds a machine, after a look that it does answer. */
import { MachineError, messageOf } from '../errors.ts'
import { machineVariables, noProxyVariable, type Variables } from './environment.ts'
import { driverOf, engineUrl, inspectInstance, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import type { World } from './world.ts'

export interface Connection {
  readonly name: string
  readonly url: string
  /** Folder with ca.pem, cert.pem and key.pem, for DOCKER_CERT_PATH. */
  readonly certPath: string
}

/** Where the machine's engine is; with `check` (the default) only after a mutual TLS handshake with it. */
export async function connection(name: string, w: World, options: { check?: boolean } = {}): Promise<Connection> {
  const record = await loadRecord(w.store, name, w.program)
  const url = await runningUrl(record, w)
  const certPath = w.store.machineDir(name)
  if (options.check !== false && driverOf(record, w).provisions) await checkTls(name, url, w)
  return { name, url, certPath }
}

/** Docker Machine's words around what is wrong, because scripts look for them. */
async function checkTls(name: string, url: string, w: World): Promise<void> {
  const { tlsHandshake } = await import('../engine/handshake.ts')
  try {
    const read = async (file: string) => (await w.store.readFile(['machines', name, file])) ?? ''
    const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
    await tlsHandshake({ url, ca, cert, key, signal: w.signal })
  } catch (cause) {
    const host = url.replace(/^tcp:\/\//, '')
    throw new MachineError(
      'TLS_CHECK',
      `Error checking TLS connection: Error checking and/or regenerating the certs: There was an error validating certificates for host "${host}": ${messageOf(cause)}`,
      {
        hints: [
          ...(cause instanceof MachineError ? cause.suggestions : []),
          `${w.program} provision ${name} issues new certificates where they are needed; containers keep running`,
        ],
        cause,
      },
    )
  }
}

export interface EnvOptions {
  /** Also put the machine's address into no_proxy. */
  noProxy?: boolean
}

export async function environmentOf(name: string, w: World, options: EnvOptions = {}): Promise<Variables> {
  const at = await connection(name, w)
  const variables = machineVariables({ ...at, windows: w.platform === 'win32' })
  return options.noProxy ? [...variables, noProxyVariable(w.env, new URL(at.url).hostname)] : variables
}

/** The machine DOCKER_HOST points at: the first whose URL it is. Machines that do not answer in time are passed over. */
export async function activeMachine(w: World, timeoutMs: number): Promise<string> {
  const host = w.env.DOCKER_HOST
  const none = new MachineError('NO_ACTIVE', 'No active host found', {
    hints: [`eval $(${w.program} env NAME) makes NAME the active one in this shell`],
  })
  if (!host) throw none
  const signal = AbortSignal.any([w.signal, AbortSignal.timeout(timeoutMs)])
  const urls = await Promise.all(
    (await w.store.list()).map(async name => {
      const record = await loadRecord(w.store, name, w.program).catch(() => undefined)
      const instance = record && (await inspectInstance(record, w, signal).catch(() => undefined))
      return { name, url: record && instance ? engineUrl(record, instance) : '' }
    }),
  )
  const active = urls.find(u => u.url === host)
  if (active) return active.name
  if (signal.aborted && !w.signal.aborted) throw new MachineError('NO_ACTIVE', 'Error getting active host: timeout')
  throw none
}

/** Version of the engine a machine runs, asked of the engine itself. */
export async function engineVersion(name: string, w: World): Promise<string> {
  const { clientMaterial } = await import('./authority.ts')
  const { pingEngine } = await import('../engine/ping.ts')
  const record = await loadRecord(w.store, name, w.program)
  const url = await runningUrl(record, w)
  return (await pingEngine({ url, ...(await clientMaterial(w)), timeoutMs: 20_000, signal: w.signal })).version
}
