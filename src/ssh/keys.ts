/** Key pairs for machines, made by node:crypto in the formats every ssh reads, and the texts people know keys by. */
import { createHash, generateKeyPair as generate, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { MachineError } from '../errors.ts'
import { ed25519Blob, opensshPublicBlob, writeOpensshEd25519 } from './openssh-key.ts'
import { readWireString, wireMpint, wireString } from './wire.ts'

export interface KeyPair {
  /** The private key file's content: OpenSSH format for ed25519, PKCS#1 PEM for RSA; never encrypted. */
  readonly privatePem: string
  /** The line for authorized_keys, without a line end: 'ssh-ed25519 AAAA… comment'. */
  readonly publicLine: string
}

/**
 * Makes a key pair: 'ed25519', or 'rsa' (2048 bit) where a cloud takes nothing else. `comment` names it to people, by
 * custom the machine's name; line breaks in it become spaces.
 */
export async function generateKeyPair(type: 'ed25519' | 'rsa', comment: string): Promise<KeyPair> {
  const label = comment.replace(/\s+/g, ' ').trim()
  if (type === 'rsa') {
    const { privateKey, publicKey } = await promisify(generate)('rsa', { modulusLength: 2048 })
    const privatePem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
    return { privatePem, publicLine: publicLine(rsaBlob(publicKey), label) }
  }
  const { privateKey } = await promisify(generate)('ed25519')
  const { seed, point } = ed25519Parts(privateKey)
  return { privatePem: writeOpensshEd25519(seed, point, label), publicLine: publicLine(ed25519Blob(point), label) }
}

/**
 * The public line of a private key file's content; of an encrypted one only in OpenSSH format, where the public half
 * is in the clear. Throws MachineError SSH_KEY_UNREADABLE.
 */
export async function publicLineOf(privatePem: string, comment = ''): Promise<string> {
  const open = opensshPublicBlob(privatePem)
  if (open) return publicLine(open, comment)
  const { parsePrivateKey } = await import('./parse-key.ts')
  const parsed = await parsePrivateKey(privatePem)
  if (parsed.kind !== 'key') throw new MachineError('SSH_KEY_UNREADABLE', `the key cannot be read: ${parsed.why}`)
  return publicLine(parsed.key.getPublicSSH(), comment)
}

/** 'type base64 comment' of a public key's wire form. */
export function publicLine(blob: Buffer, comment = ''): string {
  return `${keyTypeOf(blob)} ${blob.toString('base64')} ${comment}`.trimEnd()
}

/** The key type a wire form or the base64 of one names: 'ssh-ed25519'. */
export function keyTypeOf(blob: Buffer): string {
  return readWireString(blob, 0)?.value.toString('latin1') ?? 'unknown'
}

/** The wire form in a line 'ssh-ed25519 AAAA… comment'; undefined if it is none. */
export function blobOfLine(line: string): Buffer | undefined {
  const [type, base64] = line.trim().split(/\s+/)
  if (!type || !base64) return undefined
  const blob = Buffer.from(base64, 'base64')
  return keyTypeOf(blob) === type ? blob : undefined
}

/** What `ssh-keygen -l` shows: 'SHA256:' and 43 characters. Takes a public line or the wire form. */
export function fingerprint(key: string | Buffer): string {
  const blob = typeof key === 'string' ? (blobOfLine(key) ?? Buffer.from(key)) : key
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The 32-byte seed and public point of an ed25519 key. */
export function ed25519Parts(key: KeyObject): { seed: Buffer; point: Buffer } {
  const jwk = key.export({ format: 'jwk' })
  return { seed: Buffer.from(jwk.d ?? '', 'base64url'), point: Buffer.from(jwk.x ?? '', 'base64url') }
}

function rsaBlob(key: KeyObject): Buffer {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  return Buffer.concat([wireString('ssh-rsa'), ...[e, n].map(part => wireMpint(Buffer.from(part, 'base64url')))])
}
