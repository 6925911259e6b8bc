/**
 * Machines whose CA is not this store's: `--tls-…` flags named other files when they were made, and the record keeps where
 * they are; or they came in a bundle (import.ts) and keep their four files in certs/ of their own folder. Not in the folder
 * itself: docker-machine copies ca.pem, cert.pem and key.pem from where the record says into that folder, and a file copied
 * onto itself is an empty one.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { MachineError } from '../errors.ts'
import { authOptions, type MachineRecord } from './record.ts'
import type { TlsPaths, World } from './world.ts'

/** What `--tls-…` flags name, where a record keeps it. */
const FIELDS = {
  caCert: 'CaCertPath',
  caKey: 'CaPrivateKeyPath',
  clientCert: 'ClientCertPath',
  clientKey: 'ClientKeyPath',
} as const
const FILES = Object.keys(FIELDS) as (keyof typeof FIELDS)[]

/**
 * The world as this machine has it: with its own CA and client files, where it has some; with those its record names outside
 * of the store, unless flags name others now.
 */
export async function worldFor(record: MachineRecord, w: World): Promise<World> {
  if (record.Machine?.Authority !== 'own') return { ...w, tlsPaths: { ...elsewhere(record, w), ...w.tlsPaths } }
  const path = (file: string) => ['machines', record.Name, 'certs', file]
  const at = (file: string) => w.store.filePath(path(file))
  const hasKey = (await w.store.readFile(path('ca-key.pem'))) !== undefined
  const caKey = hasKey ? at('ca-key.pem') : await givenKey(record, w)
  return {
    ...w,
    tlsPaths: {
      caCert: at('ca.pem'),
      clientCert: at('cert.pem'),
      clientKey: at('key.pem'),
      ...(caKey === undefined ? {} : { caKey }),
    },
  }
}

/**
 * Writes what flags name into the record, as Docker Machine did, so that later commands find it without them. The CA's key
 * alone is no choice of a CA: it may lie on a stick that is there now and not tomorrow.
 */
export function noteAuthority(record: MachineRecord, w: World): void {
  const auth = record.HostOptions.AuthOptions
  if (!auth || record.Machine?.Authority === 'own') return
  for (const file of FILES) {
    const path = w.tlsPaths[file]
    if (path !== undefined && (file !== 'caKey' || w.tlsPaths.caCert !== undefined)) auth[FIELDS[file]] = resolve(path)
  }
}

/** Files that the record names elsewhere than in the store. A CA's key that is not there is one kept offline. */
function elsewhere(record: MachineRecord, w: World): TlsPaths {
  const auth = record.HostOptions.AuthOptions
  const inStore = authOptions(w.store.path, record.Name, [])
  const named = FILES.flatMap(file => {
    const path: unknown = auth?.[FIELDS[file]]
    const other = typeof path === 'string' && isAbsolute(path) && path !== inStore[FIELDS[file]]
    return other && (file !== 'caKey' || existsSync(path)) ? [[file, path] as const] : []
  })
  return Object.fromEntries(named)
}

/** The file of --tls-ca-key, if it is the key of this machine's CA: one that was set for the other machines is not. */
async function givenKey(record: MachineRecord, w: World): Promise<string | undefined> {
  const file = w.tlsPaths.caKey
  const keyPem = file && (await readFile(file, 'utf8').catch(() => undefined))
  const certPem = await w.store.readFile(['machines', record.Name, 'certs', 'ca.pem'])
  if (!keyPem || !certPem) return undefined
  const { pairProblem } = await import('../certs/index.ts')
  return pairProblem({ certPem, keyPem, now: w.now() }) === undefined ? file : undefined
}

/** Throws unless the machine can be managed from here; `doing` is what was asked for: 'ssh'. */
export function refuseClientOnly(record: MachineRecord, doing: string, w: World): void {
  if (record.Machine?.Access !== 'client') return
  throw new MachineError(
    'CLIENT_ONLY',
    `machine "${record.Name}" can only be used from here, not managed: its bundle was made with --client-only, and ${doing} needs a whole one`,
    { hints: [`on the computer that manages it: ${w.program} export ${record.Name}`] },
  )
}
