/** The store's files while one CA follows another. What is to come waits beside, as ca-next.pem and ca-next-key.pem. */
import { unlink } from 'node:fs/promises'
import {
  belongTogether,
  certificatesIn,
  createCa,
  issueClientCert,
  issueCrossCert,
  type KeyAndCert,
  ownerOf,
} from '../../certs/index.ts'
import { MODE } from '../../store/store.ts'
import { CROSS, IN_STORE, loadOrCreateCa, noCaKey, readFiles, writePair } from '../authority.ts'
import type { World } from '../world.ts'

const NEXT = { cert: 'ca-next.pem', key: 'ca-next-key.pem' } as const

export interface NextCa {
  readonly next: KeyAndCert
  /** PEM of both, the new one first. */
  readonly both: string
  /** The new one, signed by the old. */
  readonly cross: string
}

/** The CA to come, made if there is none yet; undefined when the store has changed over to it already. Throws CA_KEY. */
export async function nextCa(w: World): Promise<NextCa | undefined> {
  await loadOrCreateCa(w) // finishes what was cut short, and tells what is wrong
  await using _lock = await lock(w)
  const { caCert = '', caKey } = await readFiles(w)
  if (caKey === undefined) throw noCaKey(w)
  const there = await waiting(w)
  const changed = certificatesIn(caCert).length > 1 || (there && belongTogether(there.certPem, caKey))
  if (changed) {
    await changeClient(caCert, caKey, w)
    await dropWaiting(w)
    return undefined
  }
  const next = there ?? (await makeNext(w))
  const cross = await issueCrossCert({ ca: { certPem: caCert, keyPem: caKey }, newCaPem: next.certPem, now: w.now() })
  return { next, both: next.certPem + caCert, cross }
}

/** From now on the new CA issues; what the old one issued is still taken. */
export async function switchStore({ next, both, cross }: NextCa, w: World): Promise<void> {
  await using _lock = await lock(w)
  await w.store.writeFile(CROSS, cross, MODE.public)
  await writePair(w, IN_STORE.caCert, IN_STORE.caKey, { certPem: both, keyPem: next.keyPem })
  await changeClient(both, next.keyPem, w)
  await dropWaiting(w)
}

export async function dropOldCa(newest: string, w: World): Promise<void> {
  await using _lock = await lock(w)
  await unlink(w.store.filePath(CROSS)).catch(() => {}) // gone already: the run before was cut short just here
  await w.store.writeFile(['certs', IN_STORE.caCert], newest, MODE.public)
  w.point('old CA dropped')
}

/** The client certificate by the CA whose key it is, unless it is already. */
async function changeClient(caPem: string, caKey: string, w: World): Promise<void> {
  const { clientCert = '' } = await readFiles(w)
  const [client] = certificatesIn(clientCert)
  const signer = certificatesIn(caPem).find(ca => belongTogether(ca.toString(), caKey))
  if (signer && client?.checkIssued(signer) && client.verify(signer.publicKey)) return
  const owner = ownerOf(w.env, w.platform)
  const pair = await issueClientCert({ ca: { certPem: caPem, keyPem: caKey }, owner, now: w.now() })
  await writePair(w, IN_STORE.clientCert, IN_STORE.clientKey, pair)
}

async function makeNext(w: World): Promise<KeyAndCert> {
  const made = await createCa({ owner: ownerOf(w.env, w.platform), now: w.now() })
  await w.store.writeFile(['certs', NEXT.key], made.keyPem, MODE.secret)
  await w.store.writeFile(['certs', NEXT.cert], made.certPem, MODE.public)
  w.point('next CA made')
  return made
}

async function waiting(w: World): Promise<KeyAndCert | undefined> {
  const certPem = await w.store.readFile(['certs', NEXT.cert])
  const keyPem = await w.store.readFile(['certs', NEXT.key])
  return certPem !== undefined && keyPem !== undefined && belongTogether(certPem, keyPem)
    ? { certPem, keyPem }
    : undefined
}

async function dropWaiting(w: World): Promise<void> {
  for (const file of [NEXT.key, NEXT.cert]) await unlink(w.store.filePath(['certs', file])).catch(() => {}) // gone already, or seen again by the next run
}

function lock(w: World) {
  return w.store.lockCerts({ purpose: 'change the CA', waitMs: 60_000, signal: w.signal })
}
