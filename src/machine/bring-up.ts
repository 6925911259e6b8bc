/**
 * From "the instance was asked to run" to "its engine answers over mutual TLS from here": the second half of create, the
 * whole of provision, and what start does when an address changed. Every step may be repeated.
 */
import { type Certificates, provision } from '../../provisioning/provision.ts'
import { issueServerCert, ownerOf, serverCertProblem } from '../certs/index.ts'
import { waitForEngine } from '../engine/wait.ts'
import { MachineError } from '../errors.ts'
import { adviceAbout } from './advice.ts'
import { type Authority, copyClientMaterial, keepServerCert, loadOrCreateCa, noCaKey } from './authority.ts'
import { engineWish } from './engine-wish.ts'
import { followContexts } from './follow-contexts.ts'
import { driverOf, engineUrl, noteAddress, waitUntilRunning } from './instance.ts'
import { noteAuthority, worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { serverNames } from './server-names.ts'
import { openSession, type SessionOptions } from './session.ts'
import { pushOnTheWay } from './trust/push.ts'
import type { World } from './world.ts'

/** The engine answers a moment after it was restarted; more than this means that something is between us and it. */
export const ENGINE_DEADLINE_MS = 30_000

export interface BringUpOptions extends SessionOptions {
  /** Saves the record; called whenever something worth keeping was learned. */
  save(record: MachineRecord): Promise<void>
  /** Give the host the machine's name; only for hosts that were made for it. */
  setHostname?: boolean
}

export interface BroughtUp {
  readonly address: string
  readonly engineVersion: string
  /** Ids of the provisioning steps that had to be applied; empty when everything held. */
  readonly changed: readonly string[]
}

export async function bringUp(record: MachineRecord, world: World, options: BringUpOptions): Promise<BroughtUp> {
  const name = record.Name
  const w = await worldFor(record, world)
  noteAuthority(record, w)
  const phase = (phase: 'wait-running' | 'wait-ssh' | 'detect-os' | 'provision' | 'check-engine', text: string) =>
    w.say({ machine: name, type: 'phase', phase, text })

  phase('wait-running', 'Waiting for machine to be running, this may take a few minutes...')
  const instance = await waitUntilRunning(record, w)
  const address = instance.address ?? ''
  noteAddress(record, instance)
  const ca = await loadOrCreateCa(w)

  phase('wait-ssh', 'Waiting for SSH to be available...')
  await using host = await openSession(record, instance, w, options)
  await options.save(record)
  w.point('ssh answered')

  phase('detect-os', 'Detecting the provisioner...')
  const done = await provision(
    host,
    {
      ...(await engineWish(record, w)),
      ...(options.setHostname ? { hostname: record.Machine?.HostName ?? name } : {}),
    },
    certificates(record, address, ca, w),
    {
      machine: name,
      say: event => w.say({ ...event, machine: name }),
      signal: w.signal,
      now: () => w.now(),
      point: label => w.point(label),
      phase: text => phase('provision', text),
    },
  )

  // Where it was no person's wish and cannot run, the record says what is.
  if (record.Machine && !done.agent) record.Machine.EngineAgent = 'off'
  await copyClientMaterial(w, name)
  await keepServerCert(w, name, done.serverCertPem)
  w.point('certificates copied')

  phase('check-engine', 'Checking connection to Docker...')
  const url = engineUrl(record, { ...instance, status: 'Running' })
  await followContexts(name, w, url)
  const engine = await waitForEngine({
    url,
    ca: ca.caPem,
    cert: ca.clientCertPem,
    key: ca.clientKeyPem,
    deadlineMs: ENGINE_DEADLINE_MS,
    signal: w.signal,
  }).catch(error => {
    throw about(name, error, w)
  })
  // Provisioning put our list there; that there is none now, on either side, needs no further request.
  if (done.facts.agent.revoked !== 0) await pushOnTheWay(record, world)
  return { address, engineVersion: engine.version, changed: done.changed }
}

/** The error with advice about this machine. */
function about(name: string, error: unknown, w: World): unknown {
  if (!(error instanceof MachineError)) return error
  return new MachineError(error.code, error.message, { hints: adviceAbout(name, error, w), cause: error })
}

/**
 * The machine's CA as provisioning sees it: what will not do of a server certificate, and a new one. `w` is what `worldFor`
 * made; an authority without its key can judge certificates and issue none.
 */
export function certificates(
  record: MachineRecord,
  address: string,
  ca: Pick<Authority, 'caPem'> & Partial<Authority>,
  w: World,
): Certificates {
  const names = serverNames(record, address)
  return {
    caPem: ca.caPem,
    problem: (certPem, publicKeyPem) =>
      serverCertProblem({ certPem, caPem: ca.caPem, publicKeyPem, names, now: w.now() }),
    issue: async publicKeyPem => {
      if (!ca.caKeyPem) throw noCaKey(w)
      const certPem = await issueServerCert({
        ca: { certPem: ca.caPem, keyPem: ca.caKeyPem() },
        publicKeyPem,
        owner: ownerOf(w.env, w.platform),
        machine: record.Name,
        names,
        now: w.now(),
      })
      return certPem + (ca.crossPem ?? '')
    },
  }
}

/** Whether core may rename the host: it was made for this machine, not lent to it. */
export function ownsHost(record: MachineRecord, w: World): boolean {
  return driverOf(record, w).keys !== 'own'
}
