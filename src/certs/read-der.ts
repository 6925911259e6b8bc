/** The few pieces of a certificate that must be taken out byte for byte; node:crypto shows them only as text. */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto'

/** DER of the object identifier of subjectKeyIdentifier, 2.5.29.14. */
const SUBJECT_KEY_ID = Buffer.from('0603551d0e', 'hex')
/** Tags of the first and the last field of a certificate. */
const VERSION = 0xa0
const EXTENSIONS = 0xa3

/** The subject of a certificate as it stands in it: an issuer must repeat it byte for byte. */
export function subjectOf(certPem: string): Buffer {
  const der = new X509Certificate(certPem).raw
  const fields = itemsAt(der, header(der, 0).body) // version (absent from X.509 v1), serial, algorithm, issuer, validity, subject
  const subject = fields[der[fields[0]?.at ?? 0] === VERSION ? 5 : 4]
  if (!subject) throw new Error('the certificate has no subject')
  return der.subarray(subject.at, subject.end)
}

/**
 * What the certificate calls its own key; the authority key id of what it signs must be the same. Ways to compute it differ
 * (Go changed its own in 1.25), so it is read; undefined where it has none.
 */
export function subjectKeyIdOf(certPem: string): Buffer | undefined {
  const der = new X509Certificate(certPem).raw
  const fields = itemsAt(der, header(der, 0).body)
  const tagged = fields.find(field => der[field.at] === EXTENSIONS)
  if (!tagged) return undefined
  for (const extension of itemsAt(der, tagged.body)) {
    if (!der.subarray(extension.body).subarray(0, SUBJECT_KEY_ID.length).equals(SUBJECT_KEY_ID)) continue
    const value = itemsAt(der, extension.at).at(-1) // an OCTET STRING around another
    if (!value) return undefined
    const inner = header(der, value.body)
    return der.subarray(inner.body, inner.end)
  }
  return undefined
}

/** Method 1 of RFC 5280, 4.2.1.2: SHA-1 of the subject public key's bits. */
export function keyIdOf(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' })
  const [, bits] = itemsAt(spki, 0)
  if (!bits) throw new Error('the public key has no bits')
  return createHash('sha1')
    .update(spki.subarray(bits.body + 1, bits.end)) // without its "unused bits" byte
    .digest()
}

interface Item {
  /** Where its tag, its content and what follows it lie. */
  readonly at: number
  readonly body: number
  readonly end: number
}

/** The items inside the constructed one at `at`. */
function itemsAt(der: Buffer, at: number): Item[] {
  const { body, end } = header(der, at)
  const items: Item[] = []
  for (let next = body; next < end; next = items.at(-1)?.end ?? end) items.push(header(der, next))
  return items
}

function header(der: Buffer, at: number): Item {
  const first = der[at + 1] ?? 0
  const more = first < 0x80 ? 0 : first & 0x7f
  const length = more === 0 ? first : der.readUIntBE(at + 2, more)
  const body = at + 2 + more
  return { at, body, end: body + length }
}
