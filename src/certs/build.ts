/**
 * One certificate out of its parts. node-forge knows neither ECDSA nor Ed25519, so only its ASN.1 is used to build the
 * part that is signed; the signature is node:crypto's. Nothing is ever parsed or verified with forge.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { asn1 as Asn1 } from 'node-forge'
import { altNameOf } from './alt-name.ts'
import { keyIdOf, subjectKeyIdOf, subjectOf } from './read-der.ts'

/** Object identifiers (RFC 5280, 5758, 8017). */
const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  commonName: '2.5.4.3',
  netscapeCertType: '2.16.840.1.113730.1.1',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** Bits of keyUsage, numbered from the left (RFC 5280, 4.2.1.3). */
export const USAGE = { digitalSignature: 0, keyEncipherment: 2, keyCertSign: 5, crlSign: 6 } as const
/** The bit of the old Netscape cert type that says what extended key usage says today. */
const SSL_CLIENT = 0
export const PURPOSE = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const

export interface Subject {
  organization: string
  unit?: string
  commonName?: string
}

export interface Parts {
  /** DER where it has to be that of another certificate, byte for byte. */
  subject: Subject | Buffer
  publicKey: KeyObject
  notBefore: Date
  notAfter: Date
  usage: readonly number[]
  /** Extended key usage; absent for a CA. */
  purpose?: string
  ca: boolean
  /** Names and addresses for subjectAltName. */
  names?: readonly string[]
  /** URIs for subjectAltName. */
  uris?: readonly string[]
  /**
   * For Node and OpenSSL alone. Go's TLS, dockerd's for one, does not know this extension and has to refuse what is critical
   * (RFC 5280, 4.2): it would let in every certificate of the CA, whatever its role.
   */
  notForGo?: boolean
  /** Subject key id, where it is not computed from the key. */
  keyId?: Buffer | undefined
  signer: { key: KeyObject; certPem?: string }
}

export async function build(p: Parts): Promise<string> {
  const { asn1 } = (await import('node-forge')).default
  const der = derOf(asn1)
  const subject = 'organization' in p.subject ? name(der, p.subject) : fromDer(asn1, p.subject)
  const issuer = p.signer.certPem ? fromDer(asn1, subjectOf(p.signer.certPem)) : subject
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
    subject,
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
  const part = (oid: string, text = '') => (text === '' ? [] : [der.set(der.seq(der.oid(oid), der.utf8(text)))])
  return der.seq(
    ...part(OID.organization, s.organization),
    ...part(OID.organizationalUnit, s.unit),
    ...part(OID.commonName, s.commonName),
  )
}

function extensions(der: Der, p: Parts): Asn1.Asn1[] {
  const extension = (oid: string, critical: boolean, value: Asn1.Asn1) =>
    der.seq(der.oid(oid), ...(critical ? [der.bool(true)] : []), der.octets(der.bytes(value)))
  const ownId = p.keyId ?? keyIdOf(p.publicKey)
  const signerId = p.signer.certPem === undefined ? ownId : subjectKeyIdOf(p.signer.certPem)
  // A root signs what a CA signs, and the CA that follows it; Go counts that one though it is the root's own name.
  const below = p.signer.certPem === undefined ? '\x01' : '\0'
  const constraints = p.ca ? der.seq(der.bool(true), der.int(below)) : der.seq()
  const alternatives = [...(p.names ?? []).map(n => altName(der, n)), ...(p.uris ?? []).map(uri => der.tagged(6, uri))]
  return [
    extension(OID.basicConstraints, true, constraints),
    extension(OID.keyUsage, true, der.bits(usageBits(p.usage))),
    ...(p.purpose ? [extension(OID.extendedKeyUsage, false, der.seq(der.oid(p.purpose)))] : []),
    ...(alternatives.length > 0 ? [extension(OID.subjectAltName, false, der.seq(...alternatives))] : []),
    ...(p.notForGo ? [extension(OID.netscapeCertType, true, der.bits(usageBits([SSL_CLIENT])))] : []),
    extension(OID.subjectKeyId, false, der.octets(ownId.toString('binary'))),
    ...(signerId ? [extension(OID.authorityKeyId, false, der.seq(der.tagged(0, signerId.toString('binary'))))] : []),
  ]
}

/** BIT STRING content: how many bits of the last byte are unused, then the byte. */
function usageBits(bits: readonly number[]): string {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0)
  return String.fromCharCode(7 - Math.max(...bits), byte)
}

function altName(der: Der, text: string): Asn1.Asn1 {
  const { kind, value } = altNameOf(text)
  return kind === 'address' ? der.tagged(7, addressBytes(value)) : der.tagged(2, value)
}

/** 4 or 16 bytes of an IP address. */
function addressBytes(text: string): string {
  if (!text.includes(':')) return String.fromCharCode(...text.split('.').map(Number))
  const [head = '', tail] = text.split('::')
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
