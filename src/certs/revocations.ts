/** The list of revoked serial numbers, signed with the CA's key so that it may come from anywhere (agent/protocol.ts). */
import { createPrivateKey, sign, verify } from 'node:crypto'
import type { Revocations, SignedRevocations } from '../../agent/protocol.ts'
import { certificatesIn } from './examine.ts'

export function signRevocations(list: Revocations, caKeyPem: string): SignedRevocations {
  const payload = JSON.stringify({ number: list.number, serials: [...new Set(list.serials)].sort() })
  const signature = sign('sha256', Buffer.from(payload), { key: createPrivateKey(caKeyPem), dsaEncoding: 'der' })
  return { payload, signature: signature.toString('base64') }
}

/** What the list says, if the key of one of these CAs signed it; undefined for anything else. */
export function readRevocations(signed: SignedRevocations, caPem: string): Revocations | undefined {
  try {
    const signature = Buffer.from(signed.signature, 'base64')
    const payload = Buffer.from(signed.payload)
    const ours = certificatesIn(caPem).some(ca =>
      verify('sha256', payload, { key: ca.publicKey, dsaEncoding: 'der' }, signature),
    )
    const { number, serials } = JSON.parse(signed.payload) as Partial<Revocations>
    const whole = Number.isSafeInteger(number) && Array.isArray(serials) && serials.every(isSerial)
    return ours && whole ? { number: number ?? 0, serials } : undefined
  } catch {
    return undefined // no list, or no certificate
  }
}

/** As node:crypto and openssl print serial numbers: upper-case hexadecimal. */
export function isSerial(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9A-F]{1,40}$/.test(text)
}
