/** Files are written whole or not at all: beside, flushed, renamed over, and the folder flushed. */
import { randomBytes } from 'node:crypto'
import { link, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { errnoOf, unwritable } from './unwritable.ts'

/** Names of temporary files begin with a dot and end so; see sweep.ts for those a crash left. */
export const TEMP_SUFFIX = '.tmp'

export function tempBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}${TEMP_SUFFIX}`)
}

/**
 * Replaces or makes the file at `path` with `mode`, whatever the umask. After a crash it holds either the old or the new
 * content. Throws STORE_UNWRITABLE; the old content then stands and nothing lies beside it.
 */
export async function writeAtomic(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  await viaTemp(path, data, mode, temp => rename(temp, path))
}

/**
 * Makes the file at `path` whole, or leaves the one that is there: false then. link(2) is exclusive everywhere and, unlike
 * open(O_EXCL), nobody ever sees a half-written file.
 */
export async function createExclusive(path: string, data: string, mode: number): Promise<boolean> {
  try {
    await viaTemp(path, data, mode, async temp => {
      await link(temp, path)
      await unlink(temp)
    })
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}

async function viaTemp(path: string, data: string | Uint8Array, mode: number, place: (temp: string) => Promise<void>) {
  const temp = tempBeside(path)
  try {
    await writeFlushed(temp, data, mode)
    await place(temp)
  } catch (error) {
    await unlink(temp).catch(() => {}) // it may never have come to be; what matters is the first error
    throw unwritable(path, error)
  }
  await flushFolder(dirname(path))
}

async function writeFlushed(path: string, data: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode)
  try {
    await file.chmod(mode)
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes a rename last. Windows cannot open folders and some network file systems cannot flush them: no harm there. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined)
  if (!folder) return
  try {
    await folder.sync()
  } catch {
    // as above
  } finally {
    await folder.close()
  }
}
