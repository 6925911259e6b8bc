/** Fingerprints of an armored OpenPGP public key (RFC 9580, version 4 keys): enough to pin one, without gpg on the host. */
import { createHash } from 'node:crypto'

const PUBLIC_KEY = 6

/** Fingerprints (upper-case hex) of every primary key in the text; empty if it holds none that can be read. */
export function fingerprints(armored: string): string[] {
  const blocks = armored.matchAll(
    /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)(?:^=[A-Za-z0-9+/]{4}\s*)?-----END PGP/gm,
  )
  return [...blocks].flatMap(([, body = '']) => primaryKeys(Buffer.from(body, 'base64')))
}

function primaryKeys(bytes: Buffer): string[] {
  const found: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const packet = packetAt(bytes, at)
    if (!packet) return []
    const body = bytes.subarray(packet.start, packet.end)
    if (packet.tag === PUBLIC_KEY) {
      if (body[0] !== 4) return []
      const head = Buffer.from([0x99, body.length >> 8, body.length & 0xff])
      found.push(createHash('sha1').update(head).update(body).digest('hex').toUpperCase())
    }
    at = packet.end
  }
  return found
}

/** Tag and bounds of the packet at an offset; undefined if it is cut short or of a kind that keys do not use. */
function packetAt(bytes: Buffer, at: number): { tag: number; start: number; end: number } | undefined {
  const head = bytes[at] ?? 0
  const first = bytes[at + 1] ?? 0
  let tag = head & 0x3f
  let start = at + 2
  let length = first
  if (!(head & 0x80)) return undefined
  if (head & 0x40) {
    if (first >= 224 && first < 255) return undefined
    if (first === 255) [start, length] = [at + 6, at + 6 <= bytes.length ? bytes.readUInt32BE(at + 2) : bytes.length]
    else if (first >= 192) [start, length] = [at + 3, ((first - 192) << 8) + (bytes[at + 2] ?? 0) + 192]
  } else {
    tag = (head >> 2) & 0x0f
    const width = [1, 2, 4][head & 3]
    if (width === undefined || at + 1 + width > bytes.length) return undefined
    ;[start, length] = [at + 1 + width, bytes.readUIntBE(at + 1, width)]
  }
  return start + length > bytes.length ? undefined : { tag, start, end: start + length }
}
