/** `env`, `config`, `version`: where a Docker client finds a machine, after a look that it does answer. */
import { MachineError, messageOf } from '../errors.ts'
import { machineVariables, noProxyVariable, type Variables } from './environment.ts'
import { isSecured, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
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
  const checks = options.check !== false && isSecured(record, w)
  // What the handshake needs is read and loaded while the driver looks where the machine is.
  const check = checks ? prepareCheck(record, w) : undefined
  check?.catch(() => {}) // if the machine does not run, that is what is told
  const url = await runningUrl(record, w)
  await (await check)?.(url)
  return { name, url, certPath: w.store.machineDir(name) }
}

/** Docker Machine's words around what is wrong, because scripts look for them. */
async function prepareCheck(record: MachineRecord, w: World): Promise<(url: string) => Promise<void>> {
  const read = async (file: string) => (await w.store.readFile(['machines', record.Name, file])) ?? ''
  const files = Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  const { tlsHandshake } = await import('../engine/handshake.ts')
  const [ca, cert, key] = await files
  return async url => {
    try {
      await tlsHandshake({ url, ca, cert, key, signal: w.signal })
    } catch (cause) {
      throw tlsProblem(record, url, cause, w)
    }
  }
}

function tlsProblem(record: MachineRecord, url: string, cause: unknown, w: World): MachineError {
  const host = url.replace(/^tcp:\/\//, '')
  return new MachineError(
    'TLS_CHECK',
    `Error checking TLS connection: Error checking and/or regenerating the certs: There was an error validating certificates for host "${host}": ${messageOf(cause)}`,
    {
      hints: [
        ...(cause instanceof MachineError ? cause.suggestions : []),
        record.Machine?.Access === 'client'
          ? `ask for a new bundle on the computer that manages it: ${w.program} export --client-only`
          : `${w.program} provision ${record.Name} issues new certificates where they are needed; containers keep running`,
      ],
      cause,
    },
  )
}

export interface EnvOptions {
  /** False: without asking the engine first. */
  check?: boolean
  /** Also put the machine's address into no_proxy. */
  noProxy?: boolean
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
  return (
    await pingEngine({ url, ...(await clientMaterial(await worldFor(record, w))), timeoutMs: 20_000, signal: w.signal })
  ).version
}
