/** Room where the engine's data lies. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Health } from '../protocol.ts'

/** undefined where it cannot be read. A folder the engine has not made yet will lie where its parent does. */
export async function readDisk(dataRoot: string): Promise<Health['disk']> {
  for (let path = dataRoot; ; path = dirname(path)) {
    try {
      const { bsize, blocks, bavail, files, ffree } = await statfs(path)
      const inodes = files > 0 ? { inodes: files, freeInodes: ffree } : {} // btrfs counts none
      return { path: dataRoot, totalBytes: blocks * bsize, freeBytes: bavail * bsize, ...inodes }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path === dirname(path)) return undefined
    }
  }
}
