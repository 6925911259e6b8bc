/**
 * Reads the root folder of an ISO 9660 image as Linux would mount it: names are those of Rock Ridge, else of Joliet, else the
 * plain ones in small letters, in which no dash can stand. The label is the one blkid finds.
 */
import { readFileSync } from 'node:fs'

export interface Iso {
  readonly label: string
  readonly files: ReadonlyMap<string, Buffer>
}

const SECTOR = 2048

interface Entry {
  readonly name: string
  readonly plain: string
  readonly isFolder: boolean
  readonly data: Buffer
}

/** Joliet's are UTF-16, the other way round than Node reads it. */
const fromBigEndian = (bytes: Buffer): string =>
  Buffer.from(bytes)
    .subarray(0, bytes.length & ~1)
    .swap16()
    .toString('utf16le')

/** The Rock Ridge name in what follows a record's own name. */
function rockRidge(system: Buffer): string {
  let name = ''
  for (let at = 0; at + 4 <= system.length; ) {
    const length = system[at + 2] ?? 0
    if (length < 4) break
    if (system.toString('latin1', at, at + 2) === 'NM') name += system.toString('utf8', at + 5, at + length)
    at += length
  }
  return name
}

function readRoot(image: Buffer, descriptor: Buffer, joliet: boolean): Entry[] {
  const root = descriptor.subarray(156, 190)
  const from = root.readUInt32LE(2) * SECTOR
  const folder = image.subarray(from, from + root.readUInt32LE(10))
  const entries: Entry[] = []
  for (let at = 0; at < folder.length; ) {
    const length = folder[at] ?? 0
    if (length === 0) {
      // Records do not cross sectors: the rest of this one is empty.
      at = (Math.floor(at / SECTOR) + 1) * SECTOR
      continue
    }
    const record = folder.subarray(at, at + length)
    at += length
    const nameLength = record[32] ?? 0
    const raw = record.subarray(33, 33 + nameLength)
    if (nameLength === 1 && (raw[0] ?? 2) < 2) continue // '.' and '..'
    const plain = (joliet ? fromBigEndian(raw) : raw.toString('latin1')).replace(/;\d+$/, '').replace(/\.$/, '')
    const system = joliet ? Buffer.alloc(0) : record.subarray(33 + nameLength + ((nameLength + 1) % 2))
    const start = record.readUInt32LE(2) * SECTOR
    entries.push({
      name: rockRidge(system),
      plain,
      isFolder: ((record[25] ?? 0) & 2) !== 0,
      data: image.subarray(start, start + record.readUInt32LE(10)),
    })
  }
  return entries
}

/** Throws for what is no such image. */
export function readIso(path: string): Iso {
  const image = readFileSync(path)
  let primary: Buffer | undefined
  let joliet: Buffer | undefined
  for (let sector = 16; ; sector++) {
    const descriptor = image.subarray(sector * SECTOR, (sector + 1) * SECTOR)
    if (descriptor.length < SECTOR || descriptor.toString('latin1', 1, 6) !== 'CD001')
      throw new Error(`${path} is no ISO 9660 image`)
    if (descriptor[0] === 255) break
    if (descriptor[0] === 1) primary ??= descriptor
    if (descriptor[0] === 2 && /^%\/[@CE]/.test(descriptor.toString('latin1', 88, 91))) joliet ??= descriptor
  }
  if (!primary) throw new Error(`${path} has no primary volume`)
  const entries = readRoot(image, primary, false)
  const hasNames = entries.some(({ name }) => name !== '')
  const shown = !hasNames && joliet ? readRoot(image, joliet, true) : entries
  const nameOf = ({ name, plain }: Entry) => (hasNames ? name : joliet ? plain : plain.toLowerCase())
  return {
    label: (joliet ? fromBigEndian(joliet.subarray(40, 72)) : primary.toString('latin1', 40, 72)).replace(
      /[\0 ]+$/,
      '',
    ),
    files: new Map(shown.filter(({ isFolder }) => !isFolder).map(entry => [nameOf(entry), entry.data])),
  }
}
