/** The three kinds of certificate there are, with their lives. ECDSA P-256 throughout; an RSA CA signs as well. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { build, PURPOSE, privateKey, publicKey, USAGE } from './build.ts'

/** A CA outlives what it signs many times: replacing one means touching every machine. */
export const CA_DAYS = 3650
/** Apple's and the CA/Browser Forum's limit for servers; renewed by `provision` and `start` long before. */
export const SERVER_DAYS = 397
/** One client certificate serves all machines of a store, and nothing renews it unasked. */
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

export async function issueClientCert(o: IssueOptions & { ca: KeyAndCert }): Promise<KeyAndCert> {
  const pair = newKey()
  const certPem = await build({
    subject: { organization: `${o.owner}.<bootstrap>`, commonName: o.owner },
    publicKey: publicKey(pair.publicPem),
    ...life(o, CLIENT_DAYS),
    usage: [USAGE.digitalSignature],
    purpose: PURPOSE.client,
    ca: false,
    signer: signerOf(o.ca),
  })
  return { certPem, keyPem: pair.keyPem }
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
