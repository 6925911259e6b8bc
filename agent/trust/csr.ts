/** A new key and a PKCS#10 request for it (RFC 2986): the little DER that takes. */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const UTF8 = 0x0c
/** Attributes of a request, of which there are none. */
const ATTRIBUTES = 0xa0
/** Object identifiers as DER: commonName (2.5.4.3), ecdsa-with-SHA256 (1.2.840.10045.4.3.2). */
const COMMON_NAME = Buffer.from('0603550403', 'hex')
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex')

/** @param name common name of the request; the CA decides what the certificate says */
export function newKeyRequest(name: string): { keyPem: string; publicKey: string; csr: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  const subject = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(name)))))
  const info = der(SEQUENCE, der(INTEGER, Buffer.from([0])), subject, spki, der(ATTRIBUTES))
  const signature = sign('sha256', info, { key: privateKey, dsaEncoding: 'der' })
  const request = der(SEQUENCE, info, der(SEQUENCE, ECDSA_SHA256), der(BIT_STRING, Buffer.from([0]), signature))
  return {
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    csr: pem('CERTIFICATE REQUEST', request),
  }
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
