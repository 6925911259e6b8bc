/** Removes what killed processes left: half-removed and half-made machines, temporary files, guards of gone locks. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TEMP_SUFFIX } from './atomic.ts'
import { holderOf } from './lock.ts'

export const REMOVED = '.removed-'
export const UNBORN = '.new-'

/** No write of ours takes so long: what is older has no owner any more. */
const OLD_MS = 3_600_000

/**
 * Never fails: what cannot be removed now is tried again next time. `own` is a machine whose lock the caller holds: what
 * was half made of it is removed at any age.
 */
export async function sweep(root: string, own?: string): Promise<void> {
  await sweepFolder(join(root, 'machines'), async (name, path) => {
    if (name.startsWith(REMOVED)) return true
    if (!name.startsWith(UNBORN)) return false
    return name.slice(UNBORN.length).replace(/-[0-9a-f]{8}$/, '') === own || (await isOld(path))
  })
  await sweepFolder(join(root, 'locks'), async (name, path) => {
    if (name.endsWith(TEMP_SUFFIX)) return await isOld(path)
    const [, lock, token] = /^(.*\.lock)\.([0-9a-f]{8})(\.[0-9a-f]{8})*$/.exec(name) ?? []
    // The guard of a lock that is no longer there guards nothing, whoever holds it: its holder looks again.
    return lock !== undefined && (await holderOf(join(root, 'locks', lock)))?.token !== token
  })
}

/** Removes temporary files of `folder`, for the one who holds the lock on it. */
export async function sweepTemps(folder: string): Promise<void> {
  await sweepFolder(folder, async name => name.startsWith('.') && name.endsWith(TEMP_SUFFIX))
}

async function sweepFolder(folder: string, useless: (name: string, path: string) => Promise<boolean>): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const gone = await useless(name, path).catch(() => false)
    if (gone) await rm(path, { recursive: true, force: true }).catch(() => {})
  }
}

async function isOld(path: string): Promise<boolean> {
  return Date.now() - (await stat(path)).mtimeMs > OLD_MS
}
