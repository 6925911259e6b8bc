/**
 * From "the instance was asked to run" to "its engine answers over mutual TLS from here": the second half of create, the
 * whole of provision, and what start does when an address changed. Every step may be repeated.
 */
import { type Certificates, provision } from '../../provisioning/provision.ts'
import { issueServerCert, ownerOf, serverCertProblem } from '../certs/index.ts'
import { waitForEngine } from '../engine/wait.ts'
import { MachineError } from '../errors.ts'
import { adviceAbout } from './advice.ts'
import { type Authority, copyClientMaterial, loadOrCreateCa, noCaKey } from './authority.ts'
import { engineAsk } from './engine-settings.ts'
import { followContexts } from './follow-contexts.ts'
import { driverOf, enginePort, engineUrl, waitUntilRunning } from './instance.ts'
import { noteAuthority, worldFor } from './own-authority.ts'
import type { MachineRecord } from './record.ts'
import { openSession, type SessionOptions } from './session.ts'
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
  record.Driver.IPAddress = address
  const ca = await loadOrCreateCa(w)

  phase('wait-ssh', 'Waiting for SSH to be available...')
  await using host = await openSession(record, instance, w, options)
  await options.save(record)
  w.point('ssh answered')

  phase('detect-os', 'Detecting the provisioner...')
  const done = await provision(
    host,
    {
      ...engineAsk(record, enginePort(record)),
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

  await copyClientMaterial(w, name)
  await w.store.writeFile(['machines', name, 'server.pem'], done.serverCertPem, 0o644)
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
  return { address, engineVersion: engine.version, changed: done.changed }
}

/** The error with advice about this machine. */
function about(name: string, error: unknown, w: World): unknown {
  if (!(error instanceof MachineError)) return error
  return new MachineError(error.code, error.message, { hints: adviceAbout(name, error, w), cause: error })
}

/** Every name the engine of this machine may be called by. */
export function serverNames(record: MachineRecord, address: string): string[] {
  return [...new Set([address, ...(record.HostOptions.AuthOptions?.ServerCertSANs ?? [])])].filter(n => n !== '')
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
    issue: publicKeyPem => {
      if (!ca.caKeyPem) throw noCaKey(w)
      return issueServerCert({
        ca: { certPem: ca.caPem, keyPem: ca.caKeyPem() },
        publicKeyPem,
        owner: ownerOf(w.env, w.platform),
        machine: record.Name,
        names,
        now: w.now(),
      })
    },
  }
}

/** Whether core may rename the host: it was made for this machine, not lent to it. */
export function ownsHost(record: MachineRecord, w: World): boolean {
  return driverOf(record, w).keys !== 'own'
}
