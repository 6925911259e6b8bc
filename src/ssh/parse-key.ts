/** Reads private keys of every common format: what ssh2 parses itself, and PKCS#8, which it does not. */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { ParsedKey } from 'ssh2'
import { messageOf } from '../errors.ts'
import { ed25519Parts } from './keys.ts'
import { writeOpensshEd25519 } from './openssh-key.ts'

export type Parsed =
  | { kind: 'key'; key: ParsedKey }
  | { kind: 'locked'; why: string } //   it wants a passphrase, or another one
  | { kind: 'unreadable'; why: string }

/** Never throws: what is wrong is in the result. `passphrase` is for encrypted keys. */
export async function parsePrivateKey(pem: string, passphrase?: string): Promise<Parsed> {
  const { default: ssh2 } = await import('ssh2')
  let text = pem
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(pem)) {
    if (pem.includes('BEGIN ENCRYPTED') && passphrase === undefined)
      return { kind: 'locked', why: 'encrypted PKCS#8 key, but no passphrase given' }
    try {
      text = fromPkcs8(createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) }))
    } catch (error) {
      return { kind: passphrase === undefined ? 'unreadable' : 'locked', why: messageOf(error) }
    }
  }
  const result = ssh2.utils.parseKey(text, passphrase)
  // ssh2's types promise one key; a file in OpenSSH format gives a list of one
  const key = Array.isArray(result) ? (result[0] as ParsedKey | undefined) : result
  if (key === undefined) return { kind: 'unreadable', why: 'no key in it' }
  if (key instanceof Error) {
    const locked =
      /encrypted|passphrase/i.test(key.message) || (passphrase !== undefined && /ENCRYPTED|OPENSSH/.test(pem))
    return { kind: locked ? 'locked' : 'unreadable', why: key.message }
  }
  return key.isPrivateKey() ? { kind: 'key', key } : { kind: 'unreadable', why: 'it is a public key' }
}

function fromPkcs8(key: KeyObject): string {
  if (key.asymmetricKeyType === 'ed25519') {
    const { seed, point } = ed25519Parts(key)
    return writeOpensshEd25519(seed, point, '')
  }
  return key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1', format: 'pem' }).toString()
}
