/** The kinds of certificate there are, with their lives. ECDSA P-256 throughout; an RSA CA signs as well. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { MACHINE_URN, type Role } from '../../agent/protocol.ts'
import { build, PURPOSE, privateKey, publicKey, USAGE } from './build.ts'
import { subjectKeyIdOf, subjectOf } from './read-der.ts'

/** A CA outlives what it signs many times: replacing one means touching every machine. */
export const CA_DAYS = 3650
/** Apple's and the CA/Browser Forum's limit for servers; renewed by `provision` and `start` long before. */
export const SERVER_DAYS = 397
/** One client certificate serves its owner on all machines of a store, and nothing renews it unasked. */
export const CLIENT_DAYS = 730
/** Clocks differ: Docker Machine's margin. */
const BACKDATED_MS = 5 * 60_000
const DAY_MS = 86_400_000

export interface KeyAndCert {
  readonly certPem: string
  readonly keyPem: string
}

export interface IssueOptions {
  /** Organisation in the subject: the user. */
  owner: string
  now: Date
  /** Life in days. */
  days?: number
}

export async function createCa(o: IssueOptions): Promise<KeyAndCert> {
  const pair = newKey()
  const certPem = await build({
    // docker-machine's CA had no common name, and tools then show a blank.
    subject: { organization: o.owner, commonName: `${o.owner} machine CA` },
    publicKey: publicKey(pair.publicPem),
    ...life(o, CA_DAYS),
    usage: [USAGE.digitalSignature, USAGE.keyCertSign, USAGE.crlSign],
    ca: true,
    signer: { key: privateKey(pair.keyPem) },
  })
  return { certPem, keyPem: pair.keyPem }
}

/** A server certificate for a key that was made on the host: only its public half is needed. */
export async function issueServerCert(
  o: IssueOptions & { ca: KeyAndCert; publicKeyPem: string; machine: string; names: readonly string[] },
): Promise<string> {
  const key = publicKey(o.publicKeyPem)
  return await build({
    subject: { organization: `${o.owner}.${o.machine}`, commonName: o.machine },
    publicKey: key,
    ...life(o, SERVER_DAYS),
    // Key encipherment means something for RSA key exchange alone.
    usage: key.asymmetricKeyType === 'rsa' ? [USAGE.digitalSignature, USAGE.keyEncipherment] : [USAGE.digitalSignature],
    purpose: PURPOSE.server,
    ca: false,
    names: [...new Set([...o.names, 'localhost', '127.0.0.1', '::1'])],
    signer: signerOf(o.ca),
  })
}

export interface ClientCertOptions extends IssueOptions {
  ca: KeyAndCert
  /** Admin, as docker-machine's certificates are, by default. */
  role?: Role
  /** Common name: whom it is for. The owner by default. Throws unless `isLabel` holds. */
  commonName?: string
  /** The only machines it is good for, by the ids their agents have; all of the CA by default. */
  machineIds?: readonly string[]
}

/**
 * Engines without the agent take every certificate of their CA for that of an admin. So one that may do less, or on some
 * machines only, is made so that dockerd refuses it.
 */
export async function issueClientCert(o: ClientCertOptions): Promise<KeyAndCert> {
  const { role, commonName, machineIds = [] } = o
  if (commonName !== undefined && !isLabel(commonName)) throw new Error(`${JSON.stringify(commonName)} is no label`)
  const strange = machineIds.find(id => !/^[0-9a-f]{32}$/.test(id))
  if (strange !== undefined) throw new Error(`${JSON.stringify(strange)} is no machine's id`)
  const pair = newKey()
  const certPem = await build({
    subject: {
      organization: `${o.owner}.<bootstrap>`,
      ...(role === undefined ? {} : { unit: role }),
      commonName: commonName ?? o.owner,
    },
    publicKey: publicKey(pair.publicPem),
    ...life(o, CLIENT_DAYS),
    usage: [USAGE.digitalSignature],
    purpose: PURPOSE.client,
    ca: false,
    uris: machineIds.map(id => MACHINE_URN + id),
    notForGo: machineIds.length > 0 || (role !== undefined && role !== 'admin'),
    signer: signerOf(o.ca),
  })
  return { certPem, keyPem: pair.keyPem }
}

/** What a certificate may be called: shells, logs and file systems all take it as it is. */
export function isLabel(text: string): boolean {
  return /^[A-Za-z0-9_@][A-Za-z0-9._@-]{0,63}$/.test(text)
}

/**
 * The new CA's subject and key in a certificate signed by the old one: proof for who trusts the old CA that the new one is
 * meant to follow it. Ends when the first of the two does.
 */
export async function issueCrossCert(o: { ca: KeyAndCert; newCaPem: string; now: Date }): Promise<string> {
  const next = new X509Certificate(o.newCaPem)
  const signer = signerOf(o.ca)
  const ends = [next, new X509Certificate(signer.certPem)].map(cert => Date.parse(cert.validTo))
  return await build({
    subject: subjectOf(o.newCaPem),
    publicKey: next.publicKey,
    keyId: subjectKeyIdOf(o.newCaPem),
    notBefore: new Date(o.now.getTime() - BACKDATED_MS),
    notAfter: new Date(Math.min(...ends)),
    usage: [USAGE.digitalSignature, USAGE.keyCertSign, USAGE.crlSign],
    ca: true,
    signer,
  })
}

/** Of a bundle of CAs the one whose key this is signs. */
function signerOf(ca: KeyAndCert) {
  const key = privateKey(ca.keyPem)
  const blocks = ca.certPem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  const certPem = blocks.find(pem => new X509Certificate(pem).checkPrivateKey(key))
  if (!certPem) throw new Error('the CA key belongs to none of the CA certificates')
  return { key, certPem }
}

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    // SEC1 ("EC PRIVATE KEY"): the form every TLS library of the last twenty years reads.
    keyPem: privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  }
}

function life(o: IssueOptions, days: number) {
  const notBefore = new Date(o.now.getTime() - BACKDATED_MS)
  return { notBefore, notAfter: new Date(o.now.getTime() + (o.days ?? days) * DAY_MS) }
}
