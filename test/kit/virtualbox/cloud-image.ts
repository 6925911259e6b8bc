/** What tests take for a cloud image: a VMDK of a gigabyte, with nothing in it. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { writeImage } from './images.ts'

/** Its path; made where it is not there. */
export function cloudImage(folder: string, megabytes = 1024): string {
  const file = join(folder, `cloud-image-${megabytes}.vmdk`)
  const variant = 'dynamic streamOptimized'
  if (!existsSync(file))
    writeImage(file, { format: 'VMDK', uuid: randomUUID(), capacity: megabytes * 1024 ** 2, variant })
  return file
}
