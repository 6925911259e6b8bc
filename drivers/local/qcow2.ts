/**
 * The disk in a qcow2 image, read as it is written for cloud images (QEMU, docs/interop/qcow2.txt): clusters that are
 * plain, compressed or not there. With it no computer needs QEMU only because a distribution publishes nothing else, as
 * Ubuntu for ARM. What cloud images do not have (backing files, encryption, zstd, extended clusters) is refused.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { constants, inflateRaw } from 'node:zlib'
import { UsageError } from '../../src/errors.ts'

const L_OFFSET = 0x00fffffffffffe00n
const COMPRESSED = 1n << 62n
/** Cluster reads as zeros, whatever is there. */
const ZERO = 1n
/** Bits of what a reader must know to read it right. */
const [DIRTY, CORRUPT] = [1n, 2n]

interface Layout {
  readonly sizeBytes: number
  readonly clusterBits: number
  readonly l1Size: number
  readonly l1At: number
}

export interface Disk extends AsyncDisposable {
  readonly sizeBytes: number
  /** All of it, in order. */
  read(): AsyncGenerator<Buffer>
}

/** Throws UsageError for an image of a kind that is not read here. */
export async function openQcow2(file: string): Promise<Disk> {
  const handle = await open(file, 'r')
  try {
    const layout = readLayout(await readAt(handle, 0, 112), file)
    return {
      sizeBytes: layout.sizeBytes,
      read: () => clusters(handle, layout),
      [Symbol.asyncDispose]: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

function readLayout(head: Buffer, file: string): Layout {
  const version = head.readUInt32BE(4)
  const incompatible = version >= 3 ? head.readBigUInt64BE(72) : 0n
  const refuse = (why: string) =>
    new UsageError(`${file} is a qcow2 image ${why}`, [
      'convert it: qemu-img convert -O vmdk IMAGE IMAGE.vmdk (package qemu-utils)',
    ])
  if (version < 2 || version > 3) throw refuse(`of version ${version}`)
  if (head.readBigUInt64BE(8) !== 0n) throw refuse('that needs another one (a backing file)')
  if (head.readUInt32BE(32) !== 0) throw refuse('that is encrypted')
  if (incompatible & CORRUPT) throw refuse('that is marked as corrupt')
  if (incompatible & ~DIRTY) throw refuse('with features that are not read here')
  return {
    sizeBytes: Number(head.readBigUInt64BE(24)),
    clusterBits: head.readUInt32BE(20),
    l1Size: head.readUInt32BE(36),
    l1At: Number(head.readBigUInt64BE(40)),
  }
}

async function* clusters(handle: FileHandle, layout: Layout): AsyncGenerator<Buffer> {
  const clusterBytes = 2 ** layout.clusterBits
  const perTable = clusterBytes / 8
  const zeros = Buffer.alloc(clusterBytes)
  const l1 = await readAt(handle, layout.l1At, layout.l1Size * 8)
  let left = layout.sizeBytes
  for (let i = 0; i < layout.l1Size && left > 0; i++) {
    const tableAt = Number(l1.readBigUInt64BE(i * 8) & L_OFFSET)
    const table = tableAt === 0 ? undefined : await readAt(handle, tableAt, clusterBytes)
    for (let k = 0; k < perTable && left > 0; k++) {
      const cluster = table ? await clusterOf(handle, layout, table.readBigUInt64BE(k * 8), zeros) : zeros
      yield left < clusterBytes ? cluster.subarray(0, left) : cluster
      left -= clusterBytes
    }
  }
}

async function clusterOf(handle: FileHandle, layout: Layout, entry: bigint, zeros: Buffer): Promise<Buffer> {
  if (entry & COMPRESSED) return await compressed(handle, layout, entry)
  const at = Number(entry & L_OFFSET)
  return at === 0 || entry & ZERO ? zeros : await readAt(handle, at, zeros.length)
}

/** The entry's lower bits are where it begins, at any byte; above them, how many sectors of 512 bytes it reaches over. */
async function compressed(handle: FileHandle, { clusterBits }: Layout, entry: bigint): Promise<Buffer> {
  const offsetBits = BigInt(62 - (clusterBits - 8))
  const at = Number(entry & ((1n << offsetBits) - 1n))
  const sectors = Number((entry & (COMPRESSED - 1n)) >> offsetBits) + 1
  const packed = await readAt(handle, at, sectors * 512 - (at % 512))
  const clusterBytes = 2 ** clusterBits
  // What follows its end belongs to another cluster.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: clusterBytes }
  const plain = await promisify(inflateRaw)(packed, options)
  return plain.length === clusterBytes ? plain : Buffer.concat([plain, Buffer.alloc(clusterBytes - plain.length)])
}

/** So many bytes; zeros where the file ends before. */
async function readAt(handle: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await handle.read(buffer, done, bytes - done, at + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer
}
