/** An ext4 of its own in a file, for hosts whose disk runs full. Needs root and loop devices. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { TEST_STATE } from './places.ts'

/** Makes and mounts it; the file is sparse, only what is written takes room. Gone when disposed of. */
export function mountLoopDisk(megabytes: number): Disposable & { readonly path: string } {
  mkdirSync(TEST_STATE, { recursive: true })
  const folder = mkdtempSync(join(TEST_STATE, 'loop-disk-'))
  const file = join(folder, 'disk')
  const path = join(folder, 'mounted')
  mkdirSync(path)
  execFileSync('truncate', ['-s', `${megabytes}M`, file])
  execFileSync('mkfs.ext4', ['-q', '-m', '0', file])
  execFileSync('mount', ['-o', 'loop', file, path])
  return {
    path,
    [Symbol.dispose]() {
      execFileSync('umount', [path])
      rmSync(folder, { recursive: true })
    },
  }
}
