/** The disk in an OVA: a tar of a description, disks and maybe a manifest. Plain tar is all it is (OVF, 2.1). */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { UsageError } from '../../src/errors.ts'

const BLOCK = 512

interface Found {
  readonly name: string
  readonly start: number
  readonly size: number
}

/** Writes the one disk of the OVA to `to`. Throws UsageError where it has none or several. */
export async function extractDisk(ova: string, to: string, signal: AbortSignal): Promise<void> {
  const disks = (await filesOf(ova)).filter(({ name }) => /\.(vmdk|vdi|vhd|img)$/i.test(name))
  const [disk, other] = disks
  if (!disk) throw new UsageError(`${ova} holds no disk`, ['give an OVA that was exported with its disk, or the disk'])
  if (other) throw new UsageError(`${ova} holds several disks`, ['a machine has one: give that disk by itself'])
  const from = createReadStream(ova, { start: disk.start, end: disk.start + disk.size - 1, highWaterMark: 1 << 20 })
  await pipeline(from, createWriteStream(to, { mode: 0o644 }), { signal })
}

async function filesOf(ova: string): Promise<Found[]> {
  const handle = await open(ova, 'r')
  const found: Found[] = []
  try {
    const header = Buffer.alloc(BLOCK)
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(header, 0, BLOCK, at)
      const name = text(header, 0, 100)
      if (bytesRead < BLOCK || name === '') return found
      const size = sizeIn(header)
      found.push({ name, start: at + BLOCK, size })
      at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    }
  } finally {
    await handle.close()
  }
}

function text(header: Buffer, at: number, length: number): string {
  return header
    .subarray(at, at + length)
    .toString('latin1')
    .replace(/\0.*$/s, '')
}

/** Octal digits, or, from 8 GiB on, a big-endian number whose first bit is set. */
function sizeIn(header: Buffer): number {
  if (((header[124] ?? 0) & 0x80) === 0) return Number.parseInt(text(header, 124, 12).trim(), 8) || 0
  return Number(header.readBigUInt64BE(128))
}
