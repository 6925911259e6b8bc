/**
 * The store on disk: Docker Machine's folders, names and modes. It hands out text and bytes and knows nothing of what they
 * mean. Reading works on a read-only file system: it takes no lock and writes nothing.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MachineError } from '../errors.ts'
import { syncFolder, unwritable, writeAtomic } from './atomic.ts'
import { acquire, type LockOptions } from './lock.ts'
import { byName, checkName, isName } from './names.ts'

const PRIVATE_DIR = 0o700
const ID_FILE = '.machine-store-id'
/** Folders of machines being made or removed; a crash leaves them and the next change of the store sweeps them. */
const DOOMED = /^\.(gone|new)-/

export interface Store {
  /** Absolute path of the store. */
  readonly path: string
  /** 8 hex digits that stay the same when the store is moved. */
  id(): string
  checkName(name: string): void
  /** Names of all machines, in natural order. */
  list(): Promise<string[]>
  exists(name: string): Promise<boolean>
  machineDir(name: string): string
  /** Absolute path of a file of the store, by its parts: ['machines', 'dev', 'id_rsa']. */
  filePath(parts: readonly string[]): string
  /** Text of the machine's config.json; undefined when the folder or the file is not there. */
  readText(name: string): Promise<string | undefined>
  writeText(name: string, text: string): Promise<void>
  /** Keeps the text of a record before it is migrated, as config.json.bak. */
  backup(name: string, text: string): Promise<void>
  readFile(parts: readonly string[]): Promise<string | undefined>
  writeFile(parts: readonly string[], content: string | Uint8Array, mode: number): Promise<void>
  /** Removes a file; one that is not there is no error. */
  removeFile(parts: readonly string[]): Promise<void>
  /** Makes the store's folders; throws STORE_UNWRITABLE. */
  ensure(): Promise<void>
  /** Makes the machine's folder with its first record, at once; throws ALREADY_EXISTS. */
  createMachineDir(name: string, record: string): Promise<void>
  /** Removes the machine's folder; one that is not there is no error. */
  removeMachine(name: string): Promise<void>
  /** Locks a machine by its name. */
  lock(name: string, options: LockOptions): Promise<AsyncDisposable>
  /** Locks what is common to all machines: the CA. */
  lockShared(what: string, options: LockOptions): Promise<AsyncDisposable>
}

export function openStore(path: string): Store {
  return new DiskStore(resolve(path))
}

class DiskStore implements Store {
  readonly path: string
  #id: string | undefined

  constructor(path: string) {
    this.path = path
  }

  id(): string {
    this.#id ??= this.#readId() ?? createHash('sha256').update(this.path).digest('hex').slice(0, 8)
    return this.#id
  }

  #readId(): string | undefined {
    try {
      const text = readFileSync(join(this.path, ID_FILE), 'utf8').trim()
      return /^[0-9a-f]{8}$/.test(text) ? text : undefined
    } catch {
      return undefined
    }
  }

  checkName(name: string): void {
    checkName(name)
  }

  filePath(parts: readonly string[]): string {
    return join(this.path, ...parts)
  }

  machineDir(name: string): string {
    return this.filePath(['machines', name])
  }

  async list(): Promise<string[]> {
    const entries = await readdir(this.filePath(['machines']), { withFileTypes: true }).catch(none<never[]>([]))
    return entries
      .filter(e => e.isDirectory() && !e.name.startsWith('.'))
      .map(e => e.name)
      .sort(byName)
  }

  async exists(name: string): Promise<boolean> {
    return isName(name) && (await stat(this.machineDir(name)).then(s => s.isDirectory(), none(false)))
  }

  async readText(name: string): Promise<string | undefined> {
    return isName(name) ? await this.readFile(['machines', name, 'config.json']) : undefined
  }

  async writeText(name: string, text: string): Promise<void> {
    await this.writeFile(['machines', name, 'config.json'], text, 0o600)
  }

  async backup(name: string, text: string): Promise<void> {
    await this.writeFile(['machines', name, 'config.json.bak'], text, 0o600)
  }

  async readFile(parts: readonly string[]): Promise<string | undefined> {
    return await readFile(this.filePath(parts), 'utf8').catch(none(undefined))
  }

  async writeFile(parts: readonly string[], content: string | Uint8Array, mode: number): Promise<void> {
    await writeAtomic(this.filePath(parts), content, mode)
  }

  async removeFile(parts: readonly string[]): Promise<void> {
    await rm(this.filePath(parts), { force: true }).catch(error => {
      throw unwritable(this.filePath(parts), error)
    })
  }

  async ensure(): Promise<void> {
    for (const folder of ['', 'certs', 'machines', 'locks']) await makeFolder(this.filePath([folder]))
    if (this.#readId()) return
    // Several may come here at once: whoever gets the lock first writes the id, the others read it.
    await using _lock = await this.lockShared('store', { purpose: 'first use of the store', waitMs: 10_000 })
    if (!this.#readId()) await this.writeFile([ID_FILE], `${randomBytes(4).toString('hex')}\n`, 0o600)
    this.#id = undefined
  }

  async createMachineDir(name: string, record: string): Promise<void> {
    checkName(name)
    await this.#sweep()
    const beside = this.filePath(['machines', `.new-${name}-${randomBytes(4).toString('hex')}`])
    try {
      mkdirSync(beside, { mode: PRIVATE_DIR })
      await writeAtomic(join(beside, 'config.json'), record, 0o600)
      if (await this.exists(name)) throw taken(name)
      await rename(beside, this.machineDir(name)) // fails on a folder that is not empty
      await syncFolder(this.filePath(['machines']))
    } catch (error) {
      await rm(beside, { recursive: true, force: true }).catch(() => {})
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (code === 'ENOTEMPTY' || code === 'EEXIST') throw taken(name)
      throw unwritable(this.machineDir(name), error)
    }
  }

  async removeMachine(name: string): Promise<void> {
    if (!isName(name)) return
    const aside = this.filePath(['machines', `.gone-${name}-${randomBytes(4).toString('hex')}`])
    try {
      await rename(this.machineDir(name), aside)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(this.machineDir(name), error)
    }
    await this.#sweep()
  }

  /** Deletes what crashed processes left half made or half removed. What is younger than a minute may be at work. */
  async #sweep(): Promise<void> {
    const machines = this.filePath(['machines'])
    for (const entry of await readdir(machines).catch(none<string[]>([]))) {
      if (!DOOMED.test(entry)) continue
      const path = join(machines, entry)
      const age = Date.now() - (await stat(path).then(s => s.mtimeMs, none(Date.now())))
      if (entry.startsWith('.gone-') || age > 60_000) await rm(path, { recursive: true, force: true })
    }
  }

  async lock(name: string, options: LockOptions): Promise<AsyncDisposable> {
    return await this.#locked(`${name}.lock`, `machine "${name}"`, options)
  }

  async lockShared(what: string, options: LockOptions): Promise<AsyncDisposable> {
    return await this.#locked(`${what}.shared-lock`, `the ${what}`, options)
  }

  async #locked(file: string, what: string, options: LockOptions): Promise<AsyncDisposable> {
    if (!isName(file)) throw new MachineError('NOT_FOUND', `no machine can be called ${JSON.stringify(file)}`)
    const locks = this.filePath(['locks'])
    await makeFolder(locks)
    return await acquire(join(locks, file), what, options)
  }
}

/** Docker Machine's words. */
function taken(name: string): MachineError {
  return new MachineError('ALREADY_EXISTS', `Docker machine "${name}" already exists`)
}

async function makeFolder(path: string): Promise<void> {
  try {
    const made = await mkdir(path, { recursive: true, mode: PRIVATE_DIR })
    if (made !== undefined) await chmod(path, PRIVATE_DIR)
  } catch (error) {
    throw unwritable(path, error)
  }
}

/** For files that may not be there: any other error is thrown on. */
function none<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return instead
    throw error
  }
}
