/** A disc with some files in its root folder, as ISO 9660 with Joliet names: for tests that have no driver to make one. */

const SECTOR = 2048

const both32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(n)
  bytes.writeUInt32BE(n, 4)
  return bytes
}
const both16 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(n)
  bytes.writeUInt16BE(n, 2)
  return bytes
}
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

interface Placed {
  readonly name: Buffer
  readonly sector: number
  readonly size: number
  readonly isFolder?: boolean
}

function record({ name, sector, size, isFolder = false }: Placed): Buffer {
  const bytes = Buffer.concat([
    Buffer.from([0, 0]),
    both32(sector),
    both32(size),
    Buffer.from([126, 1, 1, 0, 0, 0, 0, isFolder ? 2 : 0, 0, 0]),
    both16(1),
    Buffer.from([name.length]),
    name,
    Buffer.alloc(name.length % 2 === 0 ? 1 : 0),
  ])
  bytes[0] = bytes.length
  return bytes
}

const whole = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((SECTOR - (bytes.length % SECTOR)) % SECTOR)])

function descriptor(kind: number, label: Buffer, padding: Buffer, root: Placed, sectors: number): Buffer {
  const bytes = Buffer.alloc(SECTOR)
  bytes[0] = kind
  bytes.write('CD001\x01', 1, 'latin1')
  for (let at = 8; at < 72; at += padding.length) padding.copy(bytes, at)
  label.copy(bytes, 40)
  both32(sectors).copy(bytes, 80)
  if (kind === 2) bytes.write('%/E', 88, 'latin1')
  both16(1).copy(bytes, 120)
  both16(1).copy(bytes, 124)
  both16(SECTOR).copy(bytes, 128)
  record(root).copy(bytes, 156)
  return bytes
}

/** @param joliet false: plain names only, in which 'user-data' cannot stand as it is */
export function makeIso(label: string, files: Readonly<Record<string, string | Buffer>>, joliet = true): Buffer {
  const contents = Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) }))
  const first = joliet ? 21 : 20
  let next = first
  const placed = contents.map(({ name, bytes }) => {
    const sector = next
    next += Math.max(1, Math.ceil(bytes.length / SECTOR))
    return { name, sector, size: bytes.length }
  })
  const folder = (sector: number, nameOf: (name: string) => Buffer) => {
    const self = { name: Buffer.from([0]), sector, size: SECTOR, isFolder: true }
    const entries = placed.map(({ name, ...where }) => record({ ...where, name: nameOf(name) }))
    return {
      self,
      bytes: whole(Buffer.concat([record(self), record({ ...self, name: Buffer.from([1]) }), ...entries])),
    }
  }
  const plain = folder(19, name =>
    Buffer.from(
      `${name
        .toUpperCase()
        .replaceAll(/[^A-Z0-9_]/g, '_')
        .slice(0, 8)}.;1`,
    ),
  )
  const wide = folder(20, name => bigEndian(`${name};1`))
  const end = Buffer.alloc(SECTOR)
  end[0] = 255
  end.write('CD001\x01', 1, 'latin1')
  return Buffer.concat([
    Buffer.alloc(16 * SECTOR),
    descriptor(1, Buffer.from(label), Buffer.from(' '), plain.self, next),
    ...(joliet ? [descriptor(2, bigEndian(label), bigEndian(' '), wide.self, next)] : []),
    end,
    ...(joliet ? [] : [Buffer.alloc(SECTOR)]),
    plain.bytes,
    ...(joliet ? [wide.bytes] : []),
    ...contents.map(({ bytes }) => (bytes.length === 0 ? Buffer.alloc(SECTOR) : whole(bytes))),
  ])
}
