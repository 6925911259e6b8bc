/** What a disk image is, by its first bytes: names lie (Ubuntu's `.img` is qcow2). */
import { open } from 'node:fs/promises'

export type ImageKind =
  | 'vmdk'
  | 'vdi'
  | 'vhd'
  | 'vhdx'
  | 'qcow2'
  | 'ova'
  | 'raw'
  | 'iso'
  | 'xz'
  | 'gzip'
  | 'zip'
  | 'zstd'

/** ISO 9660's mark lies furthest in. */
const HEAD_BYTES = 0x8006

/** Undefined: no image of any kind we know. */
export async function imageKind(file: string): Promise<ImageKind | undefined> {
  const handle = await open(file, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0)
    return kindOf(head.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

export function kindOf(head: Buffer): ImageKind | undefined {
  const at = (offset: number, text: string) => head.subarray(offset, offset + text.length).toString('latin1') === text
  if (at(0, 'QFI\xfb')) return 'qcow2'
  if (at(0, 'KDMV') || at(0, '# Disk DescriptorFile')) return 'vmdk'
  if (at(0x40, '\x7f\x10\xda\xbe')) return 'vdi'
  if (at(0, 'conectix')) return 'vhd'
  if (at(0, 'vhdxfile')) return 'vhdx'
  if (at(257, 'ustar')) return 'ova'
  if (at(0, '\xfd7zXZ\0')) return 'xz'
  if (at(0, '\x1f\x8b')) return 'gzip'
  if (at(0, 'PK\x03\x04')) return 'zip'
  if (at(0, '\x28\xb5\x2f\xfd')) return 'zstd'
  // A CD that boots may have a boot sector, too.
  if (at(0x8001, 'CD001')) return 'iso'
  return at(510, '\x55\xaa') ? 'raw' : undefined
}
