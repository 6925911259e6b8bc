/**
 * A CD image (ISO 9660 with Joliet) of a few small files in one folder: what a seed for cloud-init is. Written here, and
 * not with a library or a tool: npm has no library for it that is looked after, and none of genisoimage, xorriso,
 * mkisofs and hdiutil is on every computer.
 *
 * Guests read the Joliet names, as they are; where they know no Joliet, Linux makes `user-data` of the plain `USER-DATA;1`
 * by itself. Numbers stand twice in it, little-endian and big-endian (ECMA-119, 7.2.3 and 7.3.3).
 */

const SECTOR = 2048
/** The first 16 sectors are the system's own; then come the descriptors: primary, Joliet, end. */
const PRIMARY = 16
const JOLIET = 17
const END = 18
/** Path tables: little-endian and big-endian, plain and Joliet. A folder each follows, then the files. */
const TABLES = { plainL: 19, plainM: 20, jolietL: 21, jolietM: 22 } as const
const PLAIN_FOLDER = 23
const JOLIET_FOLDER = 24
const FILES = 25
/** What a path table with nothing but the root takes. */
const TABLE_BYTES = 10

export interface IsoFile {
  /** ASCII letters, digits, '-', '_' and '.'; at most 30 of them. */
  readonly name: string
  readonly data: Uint8Array
}

interface Placed extends IsoFile {
  readonly sector: number
}

/** The image's bytes. `label` is its volume label: 'cidata'. */
export function isoImage(label: string, files: readonly IsoFile[], made = new Date()): Buffer {
  const placed: Placed[] = []
  let next = FILES
  for (const file of files) {
    placed.push({ ...file, sector: next })
    next += Math.max(1, Math.ceil(file.data.length / SECTOR))
  }
  const image = Buffer.alloc(next * SECTOR)
  const put = (sector: number, bytes: Uint8Array) => image.set(bytes, sector * SECTOR)
  put(PRIMARY, descriptor(label, next, made, false))
  put(JOLIET, descriptor(label, next, made, true))
  put(END, Buffer.from('\xffCD001\x01', 'latin1'))
  put(TABLES.plainL, pathTable(PLAIN_FOLDER, false))
  put(TABLES.plainM, pathTable(PLAIN_FOLDER, true))
  put(TABLES.jolietL, pathTable(JOLIET_FOLDER, false))
  put(TABLES.jolietM, pathTable(JOLIET_FOLDER, true))
  put(PLAIN_FOLDER, folder(PLAIN_FOLDER, placed, plainName, made))
  put(JOLIET_FOLDER, folder(JOLIET_FOLDER, placed, jolietName, made))
  for (const { sector, data } of placed) put(sector, data)
  return image
}

const plainName = (name: string) => Buffer.from(`${name.toUpperCase()};1`, 'latin1')
const jolietName = (name: string) => bigEndian(`${name};1`)

/** UCS-2, high byte first, as Joliet has it. */
function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

function descriptor(label: string, sectors: number, made: Date, joliet: boolean): Buffer {
  const d = Buffer.alloc(SECTOR)
  const text = (at: number, length: number, value: string) => {
    const padded = joliet ? bigEndian(value.padEnd(length >> 1)) : Buffer.from(value.padEnd(length), 'latin1')
    padded.copy(d, at, 0, length)
  }
  d.writeUInt8(joliet ? 2 : 1, 0)
  d.write('CD001\x01', 1, 'latin1')
  text(8, 32, '')
  text(40, 32, label)
  both32(d, 80, sectors)
  if (joliet) d.write('%/E', 88, 'latin1') // UCS-2 level 3
  both16(d, 120, 1) // of one volume …
  both16(d, 124, 1) // … the first
  both16(d, 128, SECTOR)
  both32(d, 132, TABLE_BYTES)
  d.writeUInt32LE(joliet ? TABLES.jolietL : TABLES.plainL, 140)
  d.writeUInt32BE(joliet ? TABLES.jolietM : TABLES.plainM, 148)
  entry(joliet ? JOLIET_FOLDER : PLAIN_FOLDER, SECTOR, Buffer.alloc(1), made, true).copy(d, 156)
  for (const at of [190, 318, 446, 574]) text(at, 128, '') // set, publisher, preparer, application
  for (const at of [702, 739, 776]) text(at, 37, '') // files about it: none
  for (const at of [813, 830]) d.write(longDate(made), at, 'latin1')
  for (const at of [847, 864]) d.write('0'.repeat(16), at, 'latin1') // neither expires nor begins to count
  d.writeUInt8(1, 881)
  return d
}

function pathTable(sector: number, bigFirst: boolean): Buffer {
  const table = Buffer.alloc(TABLE_BYTES)
  table.writeUInt8(1, 0)
  if (bigFirst) {
    table.writeUInt32BE(sector, 2)
    table.writeUInt16BE(1, 6)
  } else {
    table.writeUInt32LE(sector, 2)
    table.writeUInt16LE(1, 6)
  }
  return table
}

/** Itself, its parent (itself), then the files in the order of their names. One sector: some thirty files. */
function folder(own: number, files: readonly Placed[], nameOf: (name: string) => Buffer, made: Date): Buffer {
  const named = files.map(file => ({ ...file, bytes: nameOf(file.name) }))
  named.sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  const all = Buffer.concat([
    entry(own, SECTOR, Buffer.from([0]), made, true),
    entry(own, SECTOR, Buffer.from([1]), made, true),
    ...named.map(({ sector, data, bytes }) => entry(sector, data.length, bytes, made, false)),
  ])
  if (all.length > SECTOR) throw new Error(`${files.length} files are too many for one folder of a seed`)
  return all
}

function entry(sector: number, bytes: number, name: Buffer, made: Date, isFolder: boolean): Buffer {
  const e = Buffer.alloc((33 + name.length + 1) & ~1)
  e.writeUInt8(e.length, 0)
  both32(e, 2, sector)
  both32(e, 10, bytes)
  const at = [made.getUTCFullYear() - 1900, made.getUTCMonth() + 1, made.getUTCDate()]
  e.set([...at, made.getUTCHours(), made.getUTCMinutes(), made.getUTCSeconds(), 0], 18)
  e.writeUInt8(isFolder ? 2 : 0, 25)
  both16(e, 28, 1)
  e.writeUInt8(name.length, 32)
  name.copy(e, 33)
  return e
}

/** YYYYMMDDhhmmss, hundredths, and the offset from UTC as a byte: 0. */
function longDate(date: Date): string {
  return `${date.toISOString().replace(/\D/g, '').slice(0, 16)}\0`
}

function both16(to: Buffer, at: number, value: number): void {
  to.writeUInt16LE(value, at)
  to.writeUInt16BE(value, at + 2)
}

function both32(to: Buffer, at: number, value: number): void {
  to.writeUInt32LE(value, at)
  to.writeUInt32BE(value, at + 4)
}
