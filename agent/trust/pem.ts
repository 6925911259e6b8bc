/** Certificates out of PEM texts. */
import { X509Certificate } from 'node:crypto'

/** OpenSSL reads these as certificates too, and we do not: what was judged would not be what is trusted. */
const OTHER_FORM = /-----BEGIN (?:X509|TRUSTED) CERTIFICATE-----/

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** All certificates of a text; throws if there is none or one cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  if (OTHER_FORM.test(pem)) throw new Error('there is a certificate in another form than BEGIN CERTIFICATE in it')
  const blocks = pem.match(BLOCK) ?? []
  if (blocks.length === 0) throw new Error('there is no certificate in it')
  return blocks.map(block => new X509Certificate(block))
}

/** Whether `ca` signed `cert`. */
export function signedBy(cert: X509Certificate, ca: X509Certificate): boolean {
  return ca.ca && cert.checkIssued(ca) && cert.verify(ca.publicKey)
}

export function inForce(cert: X509Certificate, now: Date): boolean {
  return new Date(cert.validFrom) <= now && now <= new Date(cert.validTo)
}
