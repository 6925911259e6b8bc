/**
 * The store: Docker Machine's folder of machines and certificates. A leaf: it carries text and knows no record. Reading
 * works on a read-only store; whoever changes a machine holds its lock.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MachineError } from '../errors.ts'
import { flushFolder, writeAtomic } from './atomic.ts'
import { isFolder, makeFolders } from './folders.ts'
import { type Lock, type LockOptions, takeLock } from './lock.ts'
import { inNaturalOrder } from './natural-order.ts'
import { checkName, filePath, isMachineFolder, MODE, machineDir, storeRoot } from './paths.ts'
import { storeId } from './store-id.ts'
import { REMOVED, sweep, sweepTemps, UNBORN } from './sweep.ts'
import { errnoOf, unreadable, unwritable } from './unwritable.ts'

export { MODE } from './paths.ts'

/** A file inside the store, as its path's parts: ['certs', 'ca.pem']. */
export type Parts = readonly string[]

/** A file of a new machine's folder. */
export interface NewFile {
  /** Its path inside that folder: ['certs', 'ca.pem']. */
  readonly parts: Parts
  readonly data: string | Uint8Array
  readonly mode: number
}

export interface Store {
  /** Absolute path of the store. */
  readonly path: string
  /** Identifies the store, also after it was moved: 8 hex digits, made at first need. */
  id(): string
  /** Throws UsageError, in Docker Machine's words, unless a machine can be made with this name. */
  checkName(name: string): void
  /** Makes the store's folders where they are missing. Throws STORE_UNWRITABLE. */
  ensure(): Promise<void>
  /** Names of the machines, in natural order (m2 before m10), regardless of case. */
  list(): Promise<string[]>
  exists(name: string): Promise<boolean>
  /** Absolute path of a machine's folder; UsageError for a name that cannot be one. */
  machineDir(name: string): string
  /** Absolute path of any file of the store. */
  filePath(parts: Parts): string
  /** The machine's config.json; undefined if there is none. */
  readText(name: string): Promise<string | undefined>
  /** Replaces config.json. The machine's folder must exist. */
  writeText(name: string, text: string): Promise<void>
  /** Keeps `text` as config.json.bak. */
  backup(name: string, text: string): Promise<void>
  /** Makes the machine's folder with its config.json and `files`, all or nothing. Throws ALREADY_EXISTS. Needs the machine's lock. */
  createMachineDir(name: string, text: string, files?: readonly NewFile[]): Promise<void>
  /** Gives a machine's folder another name, at once. Throws ALREADY_EXISTS. Needs the locks of both names. */
  renameMachine(from: string, to: string): Promise<void>
  /** Removes the folder and all in it; a machine that is not there is success. Needs the machine's lock. */
  removeMachine(name: string): Promise<void>
  /** Text of a file; undefined if there is none. */
  readFile(parts: Parts): Promise<string | undefined>
  /** Replaces or makes a file with exactly `mode`. Its folder must exist. */
  writeFile(parts: Parts, data: string | Uint8Array, mode: number): Promise<void>
  /** Renames a file within its folder, over what may be there. */
  renameFile(from: Parts, to: Parts): Promise<void>
  /** Takes a machine's lock. Throws LOCKED, with who works on it since when. */
  lock(name: string, options: LockOptions): Promise<Lock>
  /** True while this store value holds the machine's lock. */
  holds(name: string): boolean
  /** Takes the lock on certs/, and clears what a crash left there. */
  lockCerts(options: LockOptions): Promise<Lock>
  /** Takes the lock on cache/. */
  lockCache(options: LockOptions): Promise<Lock>
}

/** Opens the store at `path` (relative ones from here). Nothing is read or made yet. */
export function openStore(path: string): Store {
  const root = storeRoot(path)
  const held = new Set<string>()
  let id: string | undefined
  const at = (parts: Parts) => filePath(root, parts)
  const config = (name: string) => join(machineDir(root, name), 'config.json')

  const store: Store = {
    path: root,
    id() {
      id ??= storeId(root)
      return id
    },
    checkName,
    ensure: () => makeFolders(root),
    list: () => listMachines(join(root, 'machines')),
    exists: async name => isMachineFolder(name) && (await isFolder(machineDir(root, name))),
    machineDir: name => machineDir(root, name),
    filePath: at,
    readText: name => (isMachineFolder(name) ? readOptional(config(name)) : Promise.resolve(undefined)),
    writeText: (name, text) => writeAtomic(config(name), text, MODE.secret),
    backup: (name, text) => writeAtomic(`${config(name)}.bak`, text, MODE.secret),
    async createMachineDir(name, text, files = []) {
      checkName(name)
      await makeFolders(root)
      await sweep(root, held.has(name) ? name : undefined)
      await createMachineDir(root, name, [{ parts: ['config.json'], data: text, mode: MODE.secret }, ...files])
    },
    renameMachine: (from, to) => renameMachine(root, from, to),
    removeMachine: name => removeMachine(root, name),
    readFile: parts => readOptional(at(parts)),
    writeFile: (parts, data, mode) => writeAtomic(at(parts), data, mode),
    renameFile: (from, to) => moveFile(at(from), at(to)),
    async lock(name, options) {
      machineDir(root, name) // refuses what cannot be a name
      await makeFolders(root)
      const lock = await takeLock(at(['locks', `${name}.lock`]), `machine "${name}" is`, options)
      held.add(name)
      return onDispose(lock, () => held.delete(name))
    },
    holds: name => held.has(name),
    async lockCerts(options) {
      await makeFolders(root)
      // No machine's name begins with a dot.
      const lock = await takeLock(at(['locks', '.certs.lock']), 'the certificates of this store are', options)
      await sweepTemps(join(root, 'certs'))
      return lock
    },
    async lockCache(options) {
      await makeFolders(root)
      return await takeLock(at(['locks', '.cache.lock']), 'the cache of this store is', options)
    },
  }
  return store
}

function onDispose(lock: Lock, first: () => void): Lock {
  return {
    path: lock.path,
    async [Symbol.asyncDispose]() {
      first()
      await lock[Symbol.asyncDispose]()
    },
  }
}

async function listMachines(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const names = entries.filter(e => e.isDirectory() && isMachineFolder(e.name)).map(e => e.name)
    return inNaturalOrder(names)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  }
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw unreadable(path, error)
  }
}

async function createMachineDir(root: string, name: string, files: readonly NewFile[]): Promise<void> {
  const dir = machineDir(root, name)
  // A name of its own: even callers without the lock cannot disturb each other, and rename(2) lets one win.
  const unborn = join(dirname(dir), `${UNBORN}${name}-${randomBytes(4).toString('hex')}`)
  if (await isFolder(dir)) throw taken(name)
  try {
    await mkdir(unborn, { mode: MODE.folder })
    for (const { parts, data, mode } of files) {
      const path = filePath(unborn, parts)
      await mkdir(dirname(path), { recursive: true, mode: MODE.folder })
      await writeAtomic(path, data, mode)
    }
    await rename(unborn, dir)
  } catch (error) {
    await rm(unborn, { recursive: true, force: true }).catch(() => {}) // swept later; the first error is what matters
    if (['ENOTEMPTY', 'EEXIST'].includes(errnoOf(error))) throw taken(name)
    throw unwritable(dir, error)
  }
  await flushFolder(dirname(dir))
}

function taken(name: string): MachineError {
  return new MachineError('ALREADY_EXISTS', `Docker machine "${name}" already exists`)
}

async function renameMachine(root: string, from: string, to: string): Promise<void> {
  checkName(to)
  // rename(2) would go over an empty folder; the caller holds both locks, so nobody makes one now.
  if (await isFolder(machineDir(root, to))) throw taken(to)
  await moveFile(machineDir(root, from), machineDir(root, to))
}

/** Renamed first, so that a crash leaves no half machine under the name. */
async function removeMachine(root: string, name: string): Promise<void> {
  const dir = machineDir(root, name)
  const dead = join(dirname(dir), `${REMOVED}${name}-${randomBytes(4).toString('hex')}`)
  try {
    await rename(dir, dead)
    await flushFolder(dirname(dir))
    await rm(dead, { recursive: true, force: true })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw unwritable(dir, error)
  }
  await sweep(root, name)
}

async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    throw unwritable(to, error)
  }
  await flushFolder(dirname(to))
}
