/** Disks that several machines have: each writes into a differencing image of its own. */
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Box } from '../box.ts'
import { writeImage } from '../images.ts'
import { ComProblem } from '../problem.ts'
import { type Medium, type MediumType, usersOf, type Vm } from '../world.ts'

export function setType(box: Box, medium: Medium, type: MediumType): void {
  if (medium.type === type) return
  if (usersOf(box.world, medium).length > 0)
    throw new ComProblem({
      text: `Cannot change the type of medium '${medium.location}' because it is attached to ${usersOf(box.world, medium).length} virtual machines`,
      code: 'VBOX_E_INVALID_OBJECT_STATE',
      of: 'MediumWrap IMedium',
    })
  medium.type = type
}

/** Of a disk that several may have, and of one that others are made of, each has a differencing image of its own. */
export function whatIsWritten(box: Box, vm: Vm, base: Medium): Medium {
  const isShared = base.type === 'multiattach' || base.type === 'immutable'
  if (!isShared && !box.world.media.some(({ parent }) => parent === base.uuid)) return base
  return makeDiff(box, base, join(dirname(vm.settingsFile), 'Snapshots'))
}

export function makeDiff(box: Box, base: Medium, folder: string, path?: string): Medium {
  const uuid = box.newUuid()
  const format = base.format === 'VMDK' || base.format === 'VHD' ? base.format : 'VDI'
  mkdirSync(folder, { recursive: true })
  const location = path ?? join(folder, `{${uuid}}.${format.toLowerCase()}`)
  const image = { format, uuid, capacity: base.capacity, variant: 'differencing default' }
  writeImage(location, image)
  return box.register({ ...image, device: 'hdd', location, type: 'normal', parent: base.uuid, properties: {} })
}
