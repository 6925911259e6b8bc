/**
 * One certificate out of its parts. node-forge knows neither ECDSA nor Ed25519, so only its ASN.1 is used to build the
 * part that is signed; the signature is node:crypto's. Nothing is ever parsed or verified with forge.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'
import type { asn1 as Asn1 } from 'node-forge'

/** Object identifiers (RFC 5280, 5758, 8017). */
const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  organization: '2.5.4.10',
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** Bits of keyUsage, numbered from the left (RFC 5280, 4.2.1.3). */
export const USAGE = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5, crlSign: 6 } as const
export const PURPOSE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const

export interface Subject {
  organization: string
  commonName?: string
}

export interface Parts {
  subject: Subject
  publicKey: KeyObject
  notBefore: Date
  notAfter: Date
  usage: readonly number[]
  /** Extended key usage; absent for a CA. */
  purpose?: string
  ca: boolean
  /** Names and addresses for subjectAltName. */
  names?: readonly string[]
  signer: { key: KeyObject; certPem?: string }
}

export async function build(p: Parts): Promise<string> {
  const { asn1 } = (await import('node-forge')).default
  const der = derOf(asn1)
  const issuer = p.signer.certPem ? fromDer(asn1, subjectOf(p.signer.certPem)) : name(der, p.subject)
  const algorithm =
    p.signer.key.asymmetricKeyType === 'rsa'
      ? der.seq(der.oid(OID.sha256WithRsa), der.nothing())
      : der.seq(der.oid(OID.ecdsaWithSha256))
  const signed = der.seq(
    der.context(0, der.int('\x02')), // X.509 v3
    der.int(serial()),
    algorithm,
    issuer,
    der.seq(der.time(p.notBefore), der.time(p.notAfter)),
    name(der, p.subject),
    fromDer(asn1, p.publicKey.export({ type: 'spki', format: 'der' })),
    der.context(3, der.seq(...extensions(der, p))),
  )
  const bytes = Buffer.from(asn1.toDer(signed).getBytes(), 'binary')
  const signature = sign('sha256', bytes, { key: p.signer.key, dsaEncoding: 'der' })
  const certificate = der.seq(signed, algorithm, der.bits(`\0${signature.toString('binary')}`))
  const body = Buffer.from(asn1.toDer(certificate).getBytes(), 'binary').toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${(body.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
}

type Der = ReturnType<typeof derOf>

/** The few ASN.1 types a certificate is made of. */
function derOf(asn1: typeof Asn1) {
  const universal = (type: Asn1.Type, constructed: boolean, value: string | Asn1.Asn1[]) =>
    asn1.create(asn1.Class.UNIVERSAL, type, constructed, value)
  return {
    seq: (...items: Asn1.Asn1[]) => universal(asn1.Type.SEQUENCE, true, items),
    set: (...items: Asn1.Asn1[]) => universal(asn1.Type.SET, true, items),
    oid: (id: string) => universal(asn1.Type.OID, false, asn1.oidToDer(id).getBytes()),
    int: (bytes: string) => universal(asn1.Type.INTEGER, false, bytes),
    bool: (yes: boolean) => universal(asn1.Type.BOOLEAN, false, yes ? '\xff' : '\0'),
    bits: (bytes: string) => universal(asn1.Type.BITSTRING, false, bytes),
    octets: (bytes: string) => universal(asn1.Type.OCTETSTRING, false, bytes),
    utf8: (text: string) => universal(asn1.Type.UTF8, false, Buffer.from(text, 'utf8').toString('binary')),
    nothing: () => universal(asn1.Type.NULL, false, ''),
    /** UTCTime holds years up to 2049; later ones must be GeneralizedTime (RFC 5280, 4.1.2.5). */
    time: (at: Date) =>
      at.getUTCFullYear() < 2050
        ? universal(asn1.Type.UTCTIME, false, asn1.dateToUtcTime(at) as unknown as string)
        : universal(asn1.Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(at) as unknown as string),
    context: (tag: number, ...items: Asn1.Asn1[]) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, true, items),
    tagged: (tag: number, bytes: string) => asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, false, bytes),
    bytes: (node: Asn1.Asn1) => asn1.toDer(node).getBytes(),
  }
}

function fromDer(asn1: typeof Asn1, bytes: Buffer): Asn1.Asn1 {
  return asn1.fromDer(bytes.toString('binary'))
}

function name(der: Der, s: Subject): Asn1.Asn1 {
  const part = (oid: string, text: string) => der.set(der.seq(der.oid(oid), der.utf8(text)))
  return der.seq(part(OID.organization, s.organization), ...(s.commonName ? [part(OID.commonName, s.commonName)] : []))
}

function extensions(der: Der, p: Parts): Asn1.Asn1[] {
  const extension = (oid: string, critical: boolean, value: Asn1.Asn1) =>
    der.seq(der.oid(oid), ...(critical ? [der.bool(true)] : []), der.octets(der.bytes(value)))
  const signerKey = p.signer.certPem ? new X509Certificate(p.signer.certPem).publicKey : p.publicKey
  const constraints = p.ca ? der.seq(der.bool(true), der.int('\0')) : der.seq()
  return [
    extension(OID.basicConstraints, true, constraints),
    extension(OID.keyUsage, true, der.bits(usageBits(p.usage))),
    ...(p.purpose ? [extension(OID.extendedKeyUsage, false, der.seq(der.oid(p.purpose)))] : []),
    ...(p.names ? [extension(OID.subjectAltName, false, der.seq(...p.names.map(n => altName(der, n))))] : []),
    extension(OID.subjectKeyId, false, der.octets(keyId(p.publicKey))),
    extension(OID.authorityKeyId, false, der.seq(der.tagged(0, keyId(signerKey)))),
  ]
}

/** BIT STRING content: how many bits of the last byte are unused, then the byte. */
function usageBits(bits: readonly number[]): string {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0)
  return String.fromCharCode(7 - Math.max(...bits), byte)
}

function altName(der: Der, text: string): Asn1.Asn1 {
  const address = addressBytes(text)
  return address ? der.tagged(7, address) : der.tagged(2, text)
}

/** 4 or 16 bytes of an IP address, undefined for anything else. */
function addressBytes(text: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return String.fromCharCode(...text.split('.').map(Number))
  if (!text.includes(':')) return undefined
  const [head = '', tail] = text.replace(/^\[|\]$/g, '').split('::')
  const groups = (part: string) =>
    part
      .split(':')
      .filter(g => g !== '')
      .flatMap(g => (g.includes('.') ? v4Groups(g) : [Number.parseInt(g, 16)]))
  const [front, back] = [groups(head), groups(tail ?? '')]
  const all = [...front, ...Array<number>(Math.max(0, 8 - front.length - back.length)).fill(0), ...back]
  return all.map(g => String.fromCharCode(g >> 8, g & 0xff)).join('')
}

function v4Groups(text: string): number[] {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number)
  return [(a << 8) | b, (c << 8) | d]
}

/** Method 1 of RFC 5280, 4.2.1.2: SHA-1 of the subject public key's bits. */
function keyId(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' })
  return createHash('sha1').update(keyBits(spki)).digest().toString('binary')
}

/** The BIT STRING at the end of a SubjectPublicKeyInfo, without its "unused bits" byte. */
function keyBits(spki: Buffer): Buffer {
  let at = header(spki, 0).body // into the outer SEQUENCE
  at = header(spki, at).end // past the AlgorithmIdentifier
  return spki.subarray(header(spki, at).body + 1)
}

function header(der: Buffer, at: number): { body: number; end: number } {
  const first = der[at + 1] ?? 0
  const more = first < 0x80 ? 0 : first & 0x7f
  const length = more === 0 ? first : der.readUIntBE(at + 2, more)
  const body = at + 2 + more
  return { body, end: body + length }
}

/** The subject of a certificate as it stands in it: an issuer must repeat it byte for byte. */
function subjectOf(certPem: string): Buffer {
  const der = new X509Certificate(certPem).raw
  let at = header(der, header(der, 0).body).body // Certificate → tbsCertificate → its first field
  for (const _ of ['version', 'serial', 'algorithm', 'issuer', 'validity']) at = header(der, at).end
  return der.subarray(at, header(der, at).end)
}

/** 128 random bits, positive and without a leading zero byte. */
function serial(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('binary')
}

export function privateKey(pem: string): KeyObject {
  return createPrivateKey(pem)
}

export function publicKey(pem: string): KeyObject {
  return createPublicKey(pem)
}
