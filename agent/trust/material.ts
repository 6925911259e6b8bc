/** What the agent trusts and shows: read from the state folder, replaced file by file. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HOST, type Revocations, type SignedRevocations } from '../protocol.ts'
import { certificatesIn } from './pem.ts'
import { parsePayload, readRevocations, sameSerials } from './revocations.ts'

export interface Material {
  readonly keyPem: string
  readonly certPem: string
  readonly cert: X509Certificate
  readonly caPem: string
  readonly cas: readonly X509Certificate[]
  readonly signed: SignedRevocations | null
  readonly revocations: Revocations
  /** What is wrong with it though it can be used, for health. */
  readonly problems: readonly string[]
}

export interface Files {
  readonly identity: string
  readonly ca: string
  readonly revoked: string
  readonly pendingKey: string
}

const NONE: Revocations = { number: 0, serials: [] }

/**
 * Reads it all. Throws where there is no usable key, certificate or CA, or a revocation list that cannot be read and none is
 * known: then what was read before stays in force. A list never gets lost: `known` is the one in force until now, and a lower
 * number on disk does not replace it.
 */
export async function readMaterial(files: Files = HOST, known: Revocations = NONE): Promise<Material> {
  const [identity, caPem] = await Promise.all([readFile(files.identity, 'utf8'), readFile(files.ca, 'utf8')])
  const { keyPem, certPem, cert } = readIdentity(identity)
  const cas = certificatesIn(caPem)
  const problems: string[] = []
  const signed = await signedOnDisk(files.revoked, known, problems)
  const list = signed === null ? NONE : judged(signed, cas, problems)
  const instead = insteadOf(known, list)
  if (instead !== undefined) problems.push(instead)
  const revocations = instead === undefined ? list : known
  return { keyPem, certPem, cert, caPem, cas, signed, revocations, problems }
}

async function signedOnDisk(path: string, known: Revocations, problems: string[]): Promise<SignedRevocations | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SignedRevocations
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (known.number === 0) throw new Error('the revocation list cannot be read: nobody knows whom it refuses')
    problems.push('the revocation list cannot be read')
    return null
  }
}

/** Why the list on disk does not take the place of the one in force; undefined where it may. */
function insteadOf(known: Revocations, list: Revocations): string | undefined {
  if (list.number < known.number) return `the revocation list on disk is older than number ${known.number}`
  if (list.number === known.number && !sameSerials(list, known))
    return `the revocation list on disk is another one with number ${known.number}`
  return undefined
}

/** A list whose CA is no longer in force still refuses whom it names: to refuse too many is the safe side. */
function judged(signed: SignedRevocations, cas: readonly X509Certificate[], problems: string[]): Revocations {
  try {
    return readRevocations(signed, cas)
  } catch (error) {
    problems.push(`the revocation list is in force though ${(error as Error).message}`)
    return parsePayload(signed.payload)
  }
}

/** Key and certificate of an identity file. Throws unless they belong together. */
export function readIdentity(text: string): { keyPem: string; key: KeyObject; certPem: string; cert: X509Certificate } {
  const keyPem = /-----BEGIN (?:EC |RSA )?PRIVATE KEY-----[\s\S]+?-----END (?:EC |RSA )?PRIVATE KEY-----/.exec(
    text,
  )?.[0]
  if (keyPem === undefined) throw new Error('there is no private key in the identity file')
  const certPem = text.replace(keyPem, '').trim()
  const key = createPrivateKey(keyPem)
  const [cert] = certificatesIn(certPem)
  if (!cert?.checkPrivateKey(key)) throw new Error('the server certificate does not belong to the key beside it')
  return { keyPem, key, certPem: `${certPem}\n`, cert }
}

/** Writes a file whole, mode 0400 or as given: beside it, onto the disk, then renamed over it. */
export async function writeWhole(path: string, text: string, mode = 0o400): Promise<void> {
  const beside = `${path}.new`
  const { rm } = await import('node:fs/promises')
  await rm(beside, { force: true })
  const file = await open(beside, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  // And its name: a list of revocations that was told of as taken is not to be the one before after a power cut.
  await using folder = await open(dirname(path))
  await folder.sync()
}
