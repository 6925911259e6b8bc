/** `regenerate-certs`: a machine's server key and certificate made anew; nothing else of its host is touched. */
import type { Instance } from '../../drivers/driver.ts'
import { renewCertificate } from '../../provisioning/renew-certificate.ts'
import { examine, serverCertProblem } from '../certs/index.ts'
import { waitForEngine } from '../engine/wait.ts'
import { MachineError } from '../errors.ts'
import { type Authority, copyClientMaterial, keepServerCert, loadOrCreateCa } from './authority.ts'
import { certificates, ENGINE_DEADLINE_MS } from './bring-up.ts'
import { saver } from './create.ts'
import { enginePort, inspectInstance, runningUrl } from './instance.ts'
import { loadRecord } from './load.ts'
import { worldFor } from './own-authority.ts'
import { loadProvisioned } from './provision.ts'
import type { MachineRecord } from './record.ts'
import { openSession } from './session.ts'
import { hasAgent, pushOnTheWay } from './trust/push.ts'
import { renewThroughAgent } from './trust/renew-server.ts'
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
 * Gives the engine a new key and certificate, and returns when it answers with them. The agent takes them as it runs; dockerd
 * has to restart: containers go on where live-restore is on, and where it is off that is told before. Throws NOT_RUNNING, EXPIRED (the CA or the client
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
  const serverCertPem =
    (await throughAgent(record, address, its, ca)) ?? (await overSsh({ record, instance, ca, its }, w))
  w.say({ machine: name, type: 'phase', phase: 'check-engine', text: 'Checking connection to Docker...' })
  const client = { ca: ca.caPem, cert: ca.clientCertPem, key: ca.clientKeyPem }
  await waitForEngine({ url, ...client, deadlineMs: ENGINE_DEADLINE_MS, signal: w.signal })
  await pushOnTheWay(record, w)
  const { serial, notAfter } = examine(serverCertPem)
  return { name, serial, notAfter: notAfter.toISOString() }
}

/** Undefined where there is no agent, or none that answers: its certificate may have run out, or the CA is another. */
async function throughAgent(record: MachineRecord, address: string, its: World, ca: Authority) {
  if (!hasAgent(record)) return undefined
  try {
    return await renewThroughAgent(record, address, its, ca)
  } catch (error) {
    its.signal.throwIfAborted()
    if (!(error instanceof MachineError) || !/^(ENGINE|AGENT)_|^NO_AGENT$/.test(error.code)) throw error
    const text = `the agent could not be asked (${error.message}): the certificate is made anew over SSH`
    its.say({ machine: record.Name, type: 'info', text })
    return undefined
  }
}

interface Renewing {
  readonly record: MachineRecord
  readonly instance: Instance
  readonly ca: Authority
  /** The world as `worldFor` made it. */
  readonly its: World
}

async function overSsh({ record, instance, ca, its }: Renewing, w: World): Promise<string> {
  const name = record.Name
  await using host = await openSession(record, instance, w, { deadlineMs: SSH_DEADLINE_MS })
  if (record.Machine) await saver(name, w)(record) // the host key may be new to it
  const certPem = await renewCertificate(
    host,
    enginePort(record),
    certificates(record, instance.address ?? '', ca, its),
    {
      machine: name,
      say: event => w.say({ ...event, machine: name }),
      signal: w.signal,
      now: () => w.now(),
      point: label => w.point(label),
      phase: text => w.say({ machine: name, type: 'phase', phase: 'certs', text }),
    },
  )
  await copyClientMaterial(its, name)
  await keepServerCert(w, name, certPem)
  w.point('certificates copied')
  return certPem
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
