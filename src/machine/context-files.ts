/**
 * Docker's contexts on disk, as its own client writes them, so that they work where no docker client is installed yet:
 *
 *     contexts/meta/ID/meta.json                     0644, folders 0755
 *     contexts/tls/ID/docker/{ca,cert,key}.pem       0600, folders 0700; ID is the SHA-256 of the name
 *
 * Each file is replaced whole; a reader sees the old or the new one.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '../store/atomic.ts'
import { sweepTemps } from '../store/sweep.ts'
import { errnoOf } from '../store/unwritable.ts'
import { NO_CONTEXT, writing } from './docker-config.ts'

/** meta.json. `Metadata` holds docker's Description and whatever else tools put there; docker keeps what it does not know. */
export interface ContextMeta {
  Name: string
  Metadata?: Record<string, unknown>
  Endpoints?: Record<string, { Host?: string; SkipTLSVerify?: boolean } | undefined>
}

/** PEM texts of a client. */
export interface ClientTls {
  ca: string
  cert: string
  key: string
}

const TLS_FILES = ['ca', 'cert', 'key'] as const

/** Why docker refuses `name` for a context, or undefined. The pattern is docker/cli's (cli/context/store). */
export function contextNameProblem(name: string): string | undefined {
  if (name === NO_CONTEXT) return `docker keeps the context name "${NO_CONTEXT}" for itself`
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/.test(name)) return undefined
  return `docker does not take "${name}" as the name of a context: two or more letters, digits and _ . + -, the first a letter or a digit`
}

const idOf = (name: string) => createHash('sha256').update(name).digest('hex')
const metaDir = (configDir: string, name: string) => join(configDir, 'contexts', 'meta', idOf(name))
const tlsDir = (configDir: string, name: string) => join(configDir, 'contexts', 'tls', idOf(name))

/** The context of this name; undefined if there is none, 'unreadable' for a file that is no context. */
export async function readContext(configDir: string, name: string): Promise<ContextMeta | 'unreadable' | undefined> {
  return await readMeta(join(metaDir(configDir, name), 'meta.json'))
}

/** All contexts that can be read. */
export async function listContexts(configDir: string): Promise<ContextMeta[]> {
  const root = join(configDir, 'contexts', 'meta')
  const ids = await readdir(root).catch(() => [])
  const all = await Promise.all(ids.map(id => readMeta(join(root, id, 'meta.json'))))
  return all.filter(meta => meta !== undefined && meta !== 'unreadable')
}

/** A context's client files; undefined unless all three are there. */
export async function readTls(configDir: string, name: string): Promise<ClientTls | undefined> {
  const read = (file: string) =>
    readFile(join(tlsDir(configDir, name), 'docker', `${file}.pem`), 'utf8').catch(() => undefined)
  const [ca, cert, key] = await Promise.all(TLS_FILES.map(read))
  return ca === undefined || cert === undefined || key === undefined ? undefined : { ca, cert, key }
}

/** Makes or replaces a context; without `tls` its client files go. Throws DOCKER_CONFIG when it cannot be written. */
export async function writeContext(configDir: string, meta: ContextMeta, tls: ClientTls | undefined): Promise<void> {
  const metaFolder = metaDir(configDir, meta.Name)
  const tlsFolder = tlsDir(configDir, meta.Name)
  await writing(metaFolder, async () => {
    await mkdir(configDir, { recursive: true, mode: 0o700 })
    await mkdir(metaFolder, { recursive: true, mode: 0o755 })
    // Keys first: a context is there when its meta.json is.
    if (tls) await writeTls(join(tlsFolder, 'docker'), tls)
    else await rm(tlsFolder, { recursive: true, force: true })
    await sweepTemps(metaFolder)
    await writeAtomic(join(metaFolder, 'meta.json'), JSON.stringify(meta), 0o644)
  })
}

/** Removes a context; one that is not there is success. */
export async function deleteContext(configDir: string, name: string): Promise<void> {
  const folders = [metaDir(configDir, name), tlsDir(configDir, name)]
  for (const folder of folders) await writing(folder, () => rm(folder, { recursive: true, force: true }))
}

async function writeTls(folder: string, tls: ClientTls): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await sweepTemps(folder) // docker would take a killed process's temporary file for one more certificate
  for (const file of TLS_FILES) await writeAtomic(join(folder, `${file}.pem`), tls[file], 0o600)
}

async function readMeta(path: string): Promise<ContextMeta | 'unreadable' | undefined> {
  try {
    const meta = JSON.parse(await readFile(path, 'utf8'))
    return typeof meta?.Name === 'string' ? meta : 'unreadable'
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? undefined : 'unreadable'
  }
}
