/** Looking at certificates, with node:crypto alone. */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { messageOf } from '../errors.ts'
import { altNameOf } from './alt-name.ts'

const DAY_MS = 86_400_000
/** A certificate is replaced when less than this is left of it. */
const RENEW_WITHIN_DAYS = 30

export interface Examined {
  readonly subject: string
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
}

/** The first certificate of `certPem`. */
export function examine(certPem: string): Examined {
  const cert = new X509Certificate(certPem)
  return {
    subject: cert.subject.replaceAll('\n', ', '),
    serial: cert.serialNumber,
    notBefore: new Date(cert.validFrom),
    notAfter: new Date(cert.validTo),
  }
}

/** Of the certificates of `pem` the life of the one that runs out last; undefined where it holds none that can be read. */
export function lifeOf(pem: string): { notBefore: Date; notAfter: Date } | undefined {
  try {
    const lives = certificatesIn(pem).map(cert => ({
      notBefore: new Date(cert.validFrom),
      notAfter: new Date(cert.validTo),
    }))
    return lives.sort((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0]
  } catch {
    return undefined
  }
}

/** When the certificates of `pem` have all run out. */
export function lastDay(pem: string): Date | undefined {
  return lifeOf(pem)?.notAfter
}

/** Names and addresses a certificate covers, and whom it names: `owner.machine`, as Docker Machine wrote it. */
export function namesIn(certPem: string): { names: string[]; organization: string; commonName: string } {
  const cert = new X509Certificate(certPem)
  const names = (cert.subjectAltName ?? '').split(', ').map(entry => entry.replace(/^(DNS|IP Address):/, ''))
  const of = (field: string) => new RegExp(`^${field}=(.*)$`, 'm').exec(cert.subject)?.[1] ?? ''
  return { names: names.filter(name => name !== ''), organization: of('O'), commonName: of('CN') }
}

/** Why this server certificate must be replaced, or undefined: `does not cover 198.18.0.7`. */
export function serverCertProblem(o: {
  certPem: string
  /** One CA or several. */
  caPem: string
  publicKeyPem?: string
  names: readonly string[]
  now: Date
  renewWithinDays?: number
}): string | undefined {
  try {
    const cert = new X509Certificate(o.certPem)
    if (!signedByOneOf(cert, o.caPem)) return 'is not signed by the CA of this store'
    if (o.publicKeyPem && !sameKey(cert, o.publicKeyPem)) return "does not belong to the host's key"
    const uncovered = o.names.find(name => !covers(cert, name))
    if (uncovered !== undefined) return `does not cover ${uncovered}`
    return lifeProblem(cert, o.now, o.renewWithinDays ?? RENEW_WITHIN_DAYS)
  } catch (error) {
    return `cannot be read (${messageOf(error)})`
  }
}

/**
 * Why this certificate and key cannot be used together now, or undefined. Of a bundle (CAs while one replaces another) the
 * certificate is meant whose key it is.
 */
export function pairProblem(o: { certPem: string; keyPem: string; caPem?: string; now: Date }): string | undefined {
  try {
    const key = createPrivateKey(o.keyPem)
    const cert = certificatesIn(o.certPem).find(c => c.checkPrivateKey(key))
    if (!cert) return 'does not belong to its key'
    if (o.caPem !== undefined && !signedByOneOf(cert, o.caPem)) return 'is not signed by the CA'
    return lifeProblem(cert, o.now, 0)
  } catch (error) {
    return `cannot be read (${messageOf(error)})`
  }
}

/** Whether one of the certificates is that of the key; false where either cannot be read. */
export function belongTogether(certPem: string, keyPem: string): boolean {
  try {
    const key = createPrivateKey(keyPem)
    return certificatesIn(certPem).some(cert => cert.checkPrivateKey(key))
  } catch {
    return false
  }
}

function covers(cert: X509Certificate, name: string): boolean {
  const { kind, value } = altNameOf(name)
  return (kind === 'address' ? cert.checkIP(value) : cert.checkHost(value)) !== undefined
}

function signedByOneOf(cert: X509Certificate, caPem: string): boolean {
  return certificatesIn(caPem).some(ca => cert.checkIssued(ca) && cert.verify(ca.publicKey))
}

/** All certificates of a PEM text; throws if there is none or one cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  return (blocks ?? [pem]).map(block => new X509Certificate(block))
}

function sameKey(cert: X509Certificate, publicKeyPem: string): boolean {
  return cert.publicKey.equals(createPublicKey(publicKeyPem))
}

function lifeProblem(cert: X509Certificate, now: Date, withinDays: number): string | undefined {
  const end = new Date(cert.validTo)
  if (now.getTime() < new Date(cert.validFrom).getTime()) return `is not valid before ${cert.validFrom}`
  if (now.getTime() > end.getTime()) return `expired on ${end.toISOString().slice(0, 10)}`
  if (end.getTime() - now.getTime() < withinDays * DAY_MS) return `expires on ${end.toISOString().slice(0, 10)}`
  return undefined
}
