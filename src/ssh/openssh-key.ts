/**
 * OpenSSH's own private key format (PROTOCOL.key in its sources), for ed25519: node:crypto writes PKCS#8 only, which
 * older `ssh` and ssh2 refuse, and ssh2's generator drops leading zeros, which breaks one key in 256.
 */
import { randomBytes } from 'node:crypto'
import { readWireString, wireString, wireUint32 } from './wire.ts'

const MAGIC = 'openssh-key-v1\0'
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----'
const END = '-----END OPENSSH PRIVATE KEY-----'

/** The public half as it goes over the wire; its base64 is what authorized_keys holds. `point` is 32 bytes. */
export function ed25519Blob(point: Uint8Array): Buffer {
  return Buffer.concat([wireString('ssh-ed25519'), wireString(point)])
}

/** Writes an unencrypted ed25519 key file from its 32-byte seed and 32-byte public point. */
export function writeOpensshEd25519(seed: Uint8Array, point: Uint8Array, comment: string): string {
  const check = randomBytes(4) // twice the same number: how a reader tells that it decrypted rightly
  const secret = wireString(Buffer.concat([seed, point]))
  const bare = Buffer.concat([check, check, ed25519Blob(point), secret, wireString(comment)])
  const padding = Buffer.from(Array.from({ length: (8 - (bare.length % 8)) % 8 }, (_, i) => i + 1))
  const file = Buffer.concat([
    Buffer.from(MAGIC),
    wireString('none'),
    wireString('none'),
    wireString(''),
    wireUint32(1),
    wireString(ed25519Blob(point)),
    wireString(Buffer.concat([bare, padding])),
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/** The public half of a key file in this format, readable even when the private half is encrypted; else undefined. */
export function opensshPublicBlob(pem: string): Buffer | undefined {
  const from = pem.indexOf(BEGIN)
  const to = pem.indexOf(END)
  if (from < 0 || to < 0) return undefined
  const file = Buffer.from(pem.slice(from + BEGIN.length, to), 'base64')
  if (file.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return undefined
  let offset = MAGIC.length
  for (let skipped = 0; skipped < 3; skipped++) {
    const field = readWireString(file, offset) // cipher, key derivation, its options
    if (!field) return undefined
    offset = field.next
  }
  return readWireString(file, offset + 4)?.value
}
