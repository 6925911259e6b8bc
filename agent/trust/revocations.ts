/** The list of revoked certificates: signed by the CA, numbered, never expiring. */
import { type KeyObject, verify, type X509Certificate } from 'node:crypto'
import type { Revocations, SignedRevocations } from '../protocol.ts'

/** Serial numbers a list may hold; a store that needs more has lost its CA's key, and needs a new CA. */
const MOST_SERIALS = 100_000

/** @throws Error with what is wrong */
export function readRevocations(signed: unknown, cas: readonly X509Certificate[]): Revocations {
  const { payload, signature } = (signed ?? {}) as Partial<SignedRevocations>
  if (typeof payload !== 'string' || typeof signature !== 'string') throw new Error('it has no payload and signature')
  const bytes = Buffer.from(payload, 'utf8')
  if (!cas.some(ca => signedWith(ca.publicKey, bytes, Buffer.from(signature, 'base64'))))
    throw new Error('none of the CAs in force signed it')
  return parsePayload(payload)
}

/** Without a look at the signature: for a list this agent has taken before, when its CA is gone meanwhile. */
export function parsePayload(payload: string): Revocations {
  const { number, serials } = JSON.parse(payload) as Partial<Revocations>
  if (!Number.isSafeInteger(number) || (number ?? 0) < 1) throw new Error('its number is no positive integer')
  const good = Array.isArray(serials) && serials.every(s => typeof s === 'string' && /^[0-9A-F]{1,64}$/.test(s))
  if (!good || serials.length > MOST_SERIALS) throw new Error('its serials are no list of hexadecimal numbers')
  return { number: number ?? 0, serials }
}

export function sameSerials(a: Revocations, b: Revocations): boolean {
  const has = new Set(a.serials)
  return a.serials.length === b.serials.length && b.serials.every(serial => has.has(serial))
}

function signedWith(key: KeyObject, bytes: Buffer, signature: Buffer): boolean {
  return verify('sha256', bytes, { key, dsaEncoding: 'der' }, signature)
}
