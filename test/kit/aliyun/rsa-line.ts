import type { JsonWebKey } from 'node:crypto'

/** An RSA public key as one OpenSSH line. */
export function rsaLine(jwk: JsonWebKey): string {
  const part = (bytes: Buffer) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    return Buffer.concat([length, bytes])
  }
  const positive = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64url')
    return (bytes[0] ?? 0) < 128 ? bytes : Buffer.concat([Buffer.of(0), bytes])
  }
  const blob = [Buffer.from('ssh-rsa'), positive(jwk.e ?? ''), positive(jwk.n ?? '')].map(part)
  return `ssh-rsa ${Buffer.concat(blob).toString('base64')}`
}
