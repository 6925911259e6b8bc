/** A new client certificate for the store, and a new CA where the old one has run out. */
import { createCa, examine, issueClientCert, ownerOf, pairProblem } from '../certs/index.ts'
import { MachineError, UsageError } from '../errors.ts'
import { copyClientMaterial, type Files, IN_STORE, loadOrCreateCa, noCaKey, readFiles, writePair } from './authority.ts'
import { DAY_MS, TELL_WITHIN_DAYS } from './expiring.ts'
import type { World } from './world.ts'

export interface ClientRenewal {
  /** Serial number of the client certificate, hexadecimal. */
  readonly serial: string
  /** ISO 8601. */
  readonly notAfter: string
  /** A new CA had to be made: engines that trust the old one have to get it too. */
  readonly newCa: boolean
}

/**
 * Makes the client's key and certificate anew and hands them to all machines that had the old ones. A CA that has expired, or
 * will within 14 days, is replaced first (its certificate is kept beside, as ca.pem.expired). Throws USAGE for certificates
 * named by --tls-… flags, CA_KEY, CERTS_UNUSABLE.
 */
export async function renewClientCert(w: World): Promise<ClientRenewal> {
  if (Object.keys(w.tlsPaths).length > 0)
    throw new UsageError('certificates named by --tls-… flags are your own, and are not made anew here', [
      `leave those flags out to renew the ones in ${w.store.filePath(['certs'])}`,
    ])
  const before = await readFiles(w)
  if (before.caCert === undefined) {
    const { clientCertPem } = await loadOrCreateCa(w)
    return told(clientCertPem, true)
  }
  await using _lock = await w.store.lockCerts({ purpose: 'renew certificates', waitMs: 60_000, signal: w.signal })
  const files = await readFiles(w)
  const owner = ownerOf(w.env, w.platform)
  const expired = caProblem(files, w)
  const ca = expired === undefined ? { certPem: files.caCert ?? '', keyPem: files.caKey } : await newCa(files, owner, w)
  if (ca.keyPem === undefined) throw noCaKey(w)
  const client = await issueClientCert({ ca: { certPem: ca.certPem, keyPem: ca.keyPem }, owner, now: w.now() })
  await writePair(w, IN_STORE.clientCert, IN_STORE.clientKey, client)
  // After a change of CAs a machine's copies go with its engine: the new ones would not be let in yet.
  if (expired === undefined) await handOut(files.clientCert, w)
  return told(client.certPem, expired !== undefined)
}

/**
 * Why the CA has run out, or is about to and `ls` says so; undefined while it has not. One whose key is elsewhere is replaced
 * only when it is of no use any more. Throws for what a new CA would only hide.
 */
function caProblem(f: Files, w: World): string | undefined {
  const certPem = f.caCert ?? ''
  const problem = f.caKey && pairProblem({ certPem, keyPem: f.caKey, now: w.now() })
  if (problem && !problem.startsWith('expired'))
    throw new MachineError('CERTS_UNUSABLE', `the CA certificate ${problem} (${w.store.filePath(['certs'])})`, {
      hints: ['put the right files back from a backup'],
    })
  const { notAfter } = examine(certPem)
  const [day] = notAfter.toISOString().split('T')
  if (notAfter < w.now()) return `expired on ${day}`
  const ends = f.caKey !== undefined && notAfter.getTime() - w.now().getTime() < TELL_WITHIN_DAYS * DAY_MS
  return ends ? `runs out on ${day}` : undefined
}

async function newCa(f: Files, owner: string, w: World) {
  w.say({ type: 'warn', text: `the CA of this store ${caProblem(f, w)}: a new one is made` })
  await w.store.writeFile(['certs', `${IN_STORE.caCert}.expired`], f.caCert ?? '', 0o644)
  const ca = await createCa({ owner, now: w.now() })
  await writePair(w, IN_STORE.caCert, IN_STORE.caKey, ca)
  return ca
}

/** To every machine that has the certificate that was replaced; an imported one's own is left alone. */
async function handOut(old: string | undefined, w: World): Promise<void> {
  for (const name of await w.store.list())
    if (old !== undefined && (await w.store.readFile(['machines', name, 'cert.pem'])) === old)
      await copyClientMaterial(w, name)
}

function told(certPem: string, newCa: boolean): ClientRenewal {
  const { serial, notAfter } = examine(certPem)
  return { serial, notAfter: notAfter.toISOString(), newCa }
}
