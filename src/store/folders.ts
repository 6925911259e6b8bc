/** The store's folders: made one by one, so that what keeps one from being made is told by its real name. */
import { existsSync, mkdirSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FOLDERS, MODE } from './paths.ts'
import { errnoOf, unreadable, unwritable } from './unwritable.ts'

/** Makes the store's folders where they are missing. Throws STORE_UNWRITABLE. */
export async function makeFolders(root: string): Promise<void> {
  for (const folder of FOLDERS) await makeFolder(join(root, folder))
}

/** As mkdir -p. Node's own says ENOENT for whatever keeps it from making a parent: a read-only file system, say. */
async function makeFolder(path: string): Promise<void> {
  if (await tryMkdir(path)) return
  await makeFolder(dirname(path))
  if (await tryMkdir(path)) return
  // its parent is there and still the answer is ENOENT: /proc, and file systems like it
  throw unwritable(path, Object.assign(new Error(`no folder can be made in ${dirname(path)}`), { code: 'EPERM' }))
}

/** True once the folder is there, false while its parent is missing. Throws STORE_UNWRITABLE for all else. */
async function tryMkdir(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: MODE.folder })
    return true
  } catch (error) {
    if (await isFolder(path).catch(() => false)) return true
    if (errnoOf(error) === 'EEXIST') throw unwritable(path, Object.assign(new Error(), { code: 'ENOTDIR' }))
    if (errnoOf(error) !== 'ENOENT' || dirname(path) === path) throw unwritable(path, error)
    return false
  }
}

/** As mkdir -p; throws what mkdir(2) does. Node's own never ends where a folder is there and takes no other: /proc. */
export function makeFolderSync(path: string): void {
  if (existsSync(path)) return
  if (!existsSync(dirname(path))) makeFolderSync(dirname(path))
  try {
    mkdirSync(path, { mode: MODE.folder })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error // another process was quicker
  }
}

/** Throws STORE_UNREADABLE when that cannot be told. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw unreadable(path, error)
  }
}
