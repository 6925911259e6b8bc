/**
 * Files of media. What is opened is looked at as the real one looks, by what is in it; what is made has a true header and no
 * contents: nobody boots from it here.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { atLeast, type Installation } from './versions.ts'

export interface Image {
  readonly format: string
  readonly uuid: string
  readonly capacity: number
  readonly variant: string
}

const SECTOR = 512
const ISO_SECTOR = 2048

const uuidAt = (bytes: Buffer, at: number): string => {
  const hex = bytes.subarray(at, at + 16)
  const part = (from: number, to: number, swap: boolean) => {
    const some = Buffer.from(hex.subarray(from, to))
    return (swap ? some.reverse() : some).toString('hex')
  }
  return [part(0, 4, true), part(4, 6, true), part(6, 8, true), part(8, 10, false), part(10, 16, false)].join('-')
}

function putUuid(bytes: Buffer, at: number, uuid: string): void {
  const [a = '', b = '', c = '', d = '', e = ''] = uuid.split('-')
  const swapped = [a, b, c].map(part => Buffer.from(part, 'hex').reverse())
  Buffer.concat([...swapped, Buffer.from(d + e, 'hex')]).copy(bytes, at)
}

function head(path: string, length: number, at = 0): Buffer {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(fd, bytes, 0, length, at))
  } finally {
    closeSync(fd)
  }
}

/** Image of a hard disk; undefined for what VirtualBox cannot read, as a raw image or, before 7.1, a QCOW of version 3. */
export function probeDisk(path: string, it: Pick<Installation, 'release'>): Image | undefined {
  const { size } = statSync(path)
  const bytes = Buffer.alloc(2048)
  head(path, 2048).copy(bytes)
  const text = bytes.toString('latin1')
  if (bytes.readUInt32LE(64) === 0xbeda107f)
    return {
      format: 'VDI',
      uuid: uuidAt(bytes, 392),
      capacity: Number(bytes.readBigUInt64LE(368)),
      variant: bytes.readUInt32LE(76) === 2 ? 'fixed default' : 'dynamic default',
    }
  if (text.startsWith('KDMV') || text.startsWith('# Disk DescriptorFile')) return probeVmdk(path, bytes, text)
  if (text.startsWith('vhdxfile'))
    return { format: 'VHDX', uuid: randomUUID(), capacity: 0, variant: 'dynamic default' }
  if (text.startsWith('WithoutFreeSpace') || text.startsWith('WithouFreSpacExt'))
    return {
      format: 'Parallels',
      uuid: randomUUID(),
      capacity: bytes.readUInt32LE(36) * SECTOR,
      variant: 'dynamic default',
    }
  if (text.startsWith('QFI\xfb')) return probeQcow(bytes, it)
  const footer = size >= SECTOR ? head(path, SECTOR, size - SECTOR) : Buffer.alloc(0)
  if (footer.toString('latin1', 0, 8) === 'conectix')
    return {
      format: 'VHD',
      uuid: uuidAt(footer, 68),
      capacity: Number(footer.readBigUInt64BE(48)),
      variant: footer.readUInt32BE(60) === 2 ? 'fixed default' : 'dynamic default',
    }
  return undefined
}

function probeVmdk(path: string, bytes: Buffer, text: string): Image {
  const sparse = text.startsWith('KDMV')
  const descriptor = sparse
    ? head(path, Number(bytes.readBigUInt64LE(36)) * SECTOR, Number(bytes.readBigUInt64LE(28)) * SECTOR).toString(
        'latin1',
      )
    : head(path, 20_480).toString('latin1')
  const extents = [...descriptor.matchAll(/^(?:RW|RDONLY) (\d+) /gm)].reduce((sum, [, n]) => sum + Number(n), 0)
  return {
    format: 'VMDK',
    uuid: /ddb\.uuid\.image\s*=\s*"([^"]+)"/.exec(descriptor)?.[1] ?? randomUUID(),
    capacity: (sparse ? Number(bytes.readBigUInt64LE(12)) : extents) * SECTOR,
    variant: /createType="streamOptimized"/.test(descriptor) ? 'dynamic streamOptimized' : 'dynamic default',
  }
}

function probeQcow(bytes: Buffer, it: Pick<Installation, 'release'>): Image | undefined {
  const version = bytes.readUInt32BE(4)
  const isKnown = version === 1 || version === 2 || (version === 3 && atLeast(it, '7.1'))
  // No incompatible feature is known.
  if (!isKnown || (version === 3 && bytes.readBigUInt64BE(72) !== 0n)) return undefined
  const capacity = Number(bytes.readBigUInt64BE(24))
  return { format: 'QCOW', uuid: randomUUID(), capacity, variant: 'dynamic default' }
}

/** A DVD image: whole sectors with a volume descriptor in them. */
export function probeDvd(path: string): Image | undefined {
  const { size } = statSync(path)
  if (size % ISO_SECTOR !== 0 || size <= 16 * ISO_SECTOR) return undefined
  const mark = head(path, 6, 16 * ISO_SECTOR).toString('latin1', 1, 6)
  if (mark !== 'CD001' && mark !== 'BEA01') return undefined
  return { format: 'RAW', uuid: randomUUID(), capacity: size, variant: 'fixed default' }
}

/** What of these there is to make. */
export const CREATABLE: Readonly<Record<string, string>> = {
  vdi: 'VDI',
  vmdk: 'VMDK',
  vhd: 'VHD',
  parallels: 'Parallels',
  qed: 'QED',
  qcow: 'QCOW',
  raw: 'RAW',
}

/** Makes the file; it must not be there. */
export function writeImage(path: string, { format, uuid, capacity, variant }: Image): void {
  mkdirSync(dirname(path), { recursive: true })
  const bytes =
    format === 'VMDK'
      ? vmdk(uuid, capacity, variant)
      : format === 'VHD'
        ? vhd(uuid, capacity)
        : vdi(uuid, capacity, variant)
  const fd = openSync(path, 'wx', 0o600)
  try {
    writeSync(fd, bytes)
    // Holes: it takes the room of its header only.
    if (format !== 'VHD') ftruncateSync(fd, Math.max(bytes.length, Math.min(capacity, 2 ** 21)))
  } finally {
    closeSync(fd)
  }
}

/** Writes another UUID or capacity into an image that is there. */
export function rewriteImage(path: string, image: Image): void {
  const { format, uuid, capacity, variant } = image
  const bytes =
    format === 'VMDK'
      ? vmdk(uuid, capacity, variant)
      : format === 'VHD'
        ? vhd(uuid, capacity)
        : vdi(uuid, capacity, variant)
  const fd = openSync(path, 'r+')
  try {
    writeSync(fd, bytes, 0, bytes.length, 0)
  } finally {
    closeSync(fd)
  }
}

function vdi(uuid: string, capacity: number, variant: string): Buffer {
  const bytes = Buffer.alloc(1024)
  bytes.write('<<< Oracle VM VirtualBox Disk Image >>>\n')
  bytes.writeUInt32LE(0xbeda107f, 64)
  bytes.writeUInt32LE(0x00010001, 68)
  bytes.writeUInt32LE(400, 72)
  bytes.writeUInt32LE(variant.startsWith('fixed') ? 2 : variant.startsWith('differencing') ? 4 : 1, 76)
  bytes.writeUInt32LE(SECTOR, 360)
  bytes.writeBigUInt64LE(BigInt(capacity), 368)
  bytes.writeUInt32LE(2 ** 20, 376)
  putUuid(bytes, 392, uuid)
  return bytes
}

function vmdk(uuid: string, capacity: number, variant: string): Buffer {
  const bytes = Buffer.alloc(21 * SECTOR)
  const type = variant.includes('streamOptimized') ? 'streamOptimized' : 'monolithicSparse'
  bytes.write('KDMV')
  bytes.writeUInt32LE(type === 'streamOptimized' ? 3 : 1, 4)
  bytes.writeBigUInt64LE(BigInt(Math.ceil(capacity / SECTOR)), 12)
  bytes.writeBigUInt64LE(1n, 28)
  bytes.writeBigUInt64LE(20n, 36)
  bytes.write(
    `# Disk DescriptorFile\nversion=1\ncreateType="${type}"\nRW ${Math.ceil(capacity / SECTOR)} SPARSE "disk.vmdk"\nddb.uuid.image="${uuid}"\n`,
    SECTOR,
  )
  return bytes
}

function vhd(uuid: string, capacity: number): Buffer {
  const footer = Buffer.alloc(SECTOR)
  footer.write('conectix')
  footer.writeBigUInt64BE(BigInt(capacity), 40)
  footer.writeBigUInt64BE(BigInt(capacity), 48)
  footer.writeUInt32BE(3, 60)
  putUuid(footer, 68, uuid)
  return Buffer.concat([footer, Buffer.alloc(3 * SECTOR), footer])
}
