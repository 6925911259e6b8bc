/** `regenerate-certs`: a machine's server key and certificate made anew; nothing else of its host is touched. */
import { renewCertificate } from '../../provisioning/renew-certificate.ts'
import { examine, serverCertProblem } from '../certs/index.ts'
import { waitForEngine } from '../engine/wait.ts'
import { copyClientMaterial, loadOrCreateCa } from './authority.ts'
import { certificates, ENGINE_DEADLINE_MS } from './bring-up.ts'
import { saver } from './create.ts'
import { enginePort, inspectInstance, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { worldFor } from './own-authority.ts'
import { loadProvisioned } from './provision.ts'
import { openSession } from './session.ts'
import type { World } from './world.ts'

/** A host that is said to run answers within this, in milliseconds. */
const SSH_DEADLINE_MS = 60_000

export interface RenewedServer {
  readonly name: string
  /** Serial number of the server certificate, hexadecimal. */
  readonly serial: string
  /** ISO 8601. */
  readonly notAfter: string
}

/**
 * Gives the engine a new key and certificate, restarts it, and returns when it answers with them; containers go on where
 * live-restore is on, and where it is off that is told before. Throws NOT_RUNNING, EXPIRED (the CA or the client
 * certificate: `renewClientCert` comes first), and what `renewCertificate` throws.
 */
export async function regenerateCerts(name: string, w: World): Promise<RenewedServer> {
  await using _lock = await w.store.lock(name, { purpose: `regenerate-certs ${name}`, signal: w.signal })
  const record = await loadProvisioned(name, w)
  const url = await runningUrl(record, w)
  const its = await worldFor(record, w)
  const ca = await loadOrCreateCa(its)
  const instance = await inspectInstance(record, w)
  const address = instance.address ?? ''
  w.say({ machine: name, type: 'phase', phase: 'certs', text: 'Regenerating TLS certificates' })
  await using host = await openSession(record, instance, w, { deadlineMs: SSH_DEADLINE_MS })
  if (record.Machine) await saver(name, w)(record) // the host key may be new to it
  const serverCertPem = await renewCertificate(host, enginePort(record), certificates(record, address, ca, its), {
    machine: name,
    say: event => w.say({ ...event, machine: name }),
    signal: w.signal,
    now: () => w.now(),
    point: label => w.point(label),
    phase: text => w.say({ machine: name, type: 'phase', phase: 'certs', text }),
  })
  await copyClientMaterial(its, name)
  await w.store.writeFile(['machines', name, 'server.pem'], serverCertPem, 0o644)
  w.point('certificates copied')
  w.say({ machine: name, type: 'phase', phase: 'check-engine', text: 'Checking connection to Docker...' })
  const client = { ca: ca.caPem, cert: ca.clientCertPem, key: ca.clientKeyPem }
  await waitForEngine({ url, ...client, deadlineMs: ENGINE_DEADLINE_MS, signal: w.signal })
  const { serial, notAfter } = examine(serverCertPem)
  return { name, serial, notAfter: notAfter.toISOString() }
}

/** Machines whose engines still have certificates of another CA than the store's: they do not let this client in. */
export async function withOldCa(w: World): Promise<string[]> {
  const { caPem } = await loadOrCreateCa(w)
  const old: string[] = []
  for (const name of await w.store.list()) {
    const record = await loadRecord(w.store, name, w.program).catch(() => undefined) // ls tells what is wrong with it
    if (record?.Machine?.Authority === 'own') continue
    const certPem = await w.store.readFile(['machines', name, 'server.pem'])
    const problem = certPem && serverCertProblem({ certPem, caPem, names: [], now: w.now() })
    if (problem === 'is not signed by the CA of this store') old.push(name)
  }
  return old
}
