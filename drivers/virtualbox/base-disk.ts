/**
 * The disk that machines' disks grow out of: the image as a VDI of the size that was asked for, made once a size and kept
 * in the image folder. VirtualBox can make larger only a VDI or a VHD, and it is not sure to do so with a linked one.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import type { Image } from '../local/image-cache.ts'
import { underLock } from '../local/lock.ts'
import { extractDisk } from '../local/ova.ts'
import { openQcow2 } from '../local/qcow2.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

/** What a process that died left of it; a conversion takes minutes. */
const PART = /\.part\.vdi$/
const LEFT_MS = 24 * 3600_000

/** Path of the disk, made where it is not there; of several processes one makes it. */
export async function haveBaseDisk(image: Image, diskMb: number, folder: string, here: Here): Promise<string> {
  const base = join(folder, `${image.key}-${diskMb}.vdi`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (await isThere(base)) return base
  const turn = { path: `${base}.lock`, what: 'the disk of the image is', purpose: 'convert an image' }
  return await underLock(turn, 'Waiting for another process that converts the same image...', here, async () => {
    if (!(await isThere(base))) await makeBase(image, diskMb, base, folder, here)
    return base
  })
}

async function makeBase(image: Image, diskMb: number, base: string, folder: string, here: Here): Promise<void> {
  await sweepParts(folder, here)
  // A name of its own: what a dead process began, VirtualBox may still be writing to.
  const part = base.replace(/\.vdi$/, `.${randomBytes(4).toString('hex')}.part.vdi`)
  here.say({ type: 'info', text: `Converting ${image.name}...` })
  try {
    await convert(image, part, folder, here)
    here.point('virtualbox image converted')
    await enlarge(part, image, diskMb, here)
    // So that VirtualBox knows it by its final name alone.
    await forgetMedium(part, here)
    await rename(part, base)
  } catch (error) {
    await deleteMedium(part, { ...here, signal: AbortSignal.timeout(10_000) })
    throw error
  }
  here.point('virtualbox base disk made')
}

async function convert(image: Image, to: string, folder: string, here: Here): Promise<void> {
  const onProgress = (fraction: number) => here.say({ type: 'progress', text: 'converting the image', fraction })
  const options = { doing: `convert ${image.name}`, onProgress }
  if (image.kind === 'raw') {
    await vbox(['convertfromraw', image.file, to, '--format', 'VDI'], here, options)
  } else if (image.kind === 'qcow2') {
    await using disk = await openQcow2(image.file)
    const input = watched(disk.read(), disk.sizeBytes, onProgress)
    await vbox(['convertfromraw', 'stdin', to, String(disk.sizeBytes), '--format', 'VDI'], here, { ...options, input })
  } else if (image.kind === 'ova') {
    const inside = join(folder, `.${image.key}-${process.pid}.vmdk`)
    try {
      await extractDisk(image.file, inside, here.signal)
      await clone(inside, to, here, options)
    } finally {
      await rm(inside, { force: true })
    }
  } else await clone(image.file, to, here, options)
}

async function clone(from: string, to: string, here: Here, options: Parameters<typeof vbox>[2]): Promise<void> {
  await vbox(['clonemedium', 'disk', from, to, '--format', 'VDI'], here, options)
  // It would stand in VirtualBox's list of disks, and be in the way when the file is another one some day.
  await forgetMedium(from, here)
}

async function* watched(source: AsyncIterable<Buffer>, total: number, tell: (fraction: number) => void) {
  let [done, told] = [0, 0]
  for await (const chunk of source) {
    yield chunk
    done += chunk.length
    if (done - told < total / 100) continue
    told = done
    tell(done / total)
  }
}

async function enlarge(disk: string, image: Image, diskMb: number, here: Here): Promise<void> {
  const said = await vbox(['showmediuminfo', 'disk', disk], here, { doing: 'look at the disk' })
  const now = Number(/^Capacity:\s+(\d+) MBytes/m.exec(said)?.[1] ?? 0)
  if (now > diskMb)
    throw new MachineError(
      'VBOX_DISK_SIZE',
      `${image.name} needs a disk of ${now} MB, and the machine's has ${diskMb}`,
      {
        hints: [`give it more: --virtualbox-disk-size ${now}`],
      },
    )
  if (now < diskMb)
    await vbox(['modifymedium', 'disk', disk, '--resize', String(diskMb)], here, { doing: 'make the disk larger' })
}

/** Takes it out of VirtualBox's list, where it may not be. */
async function forgetMedium(disk: string, here: Here): Promise<void> {
  await vbox(['closemedium', 'disk', disk], here, { doing: 'let go of the disk' }).catch(() =>
    here.signal.throwIfAborted(),
  )
}

/** Deletes a disk, whether or not VirtualBox knows it. */
export async function deleteMedium(disk: string, here: Here): Promise<void> {
  await vbox(['closemedium', 'disk', disk, '--delete'], here, { doing: 'delete the disk' }).catch(() => {}) // not known to it
  await rm(disk, { force: true })
}

async function sweepParts(folder: string, here: Here): Promise<void> {
  for (const name of (await readdir(folder)).filter(each => PART.test(each))) {
    const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > LEFT_MS) await deleteMedium(join(folder, name), here)
  }
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false
}
