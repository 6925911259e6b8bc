/**
 * `cert rotate-ca`: another CA for a store whose machines have agents, without losing a connection. For a while two are in
 * force: agents trust both, then the store and the server certificates change over, and `finish` takes the old one away.
 * Until then servers show the new CA signed by the old one beside their certificate, for clients that know the old one alone.
 * Every step may be repeated; a run that was cut short is gone on with.
 */
import { belongTogether, certificatesIn, serverCertProblem } from '../../certs/index.ts'
import { agentTrust, changeTrust } from '../../engine/agent.ts'
import { MachineError, messageOf, UsageError } from '../../errors.ts'
import { copyClientMaterial, loadOrCreateCa, readFiles } from '../authority.ts'
import { driverOf } from '../instance.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'
import { authorityOf } from './authorities.ts'
import { dropOldCa, nextCa, switchStore } from './ca-files.ts'
import { agentAddress, hasAgent } from './push.ts'
import { readRegister } from './register.ts'
import { renewThroughAgent } from './renew-server.ts'
import { currentRevocations, revokeSerials } from './revocations.ts'

export interface Rotation {
  /** 'both': two CAs are in force; 'done': the new one alone. */
  readonly stage: 'both' | 'done'
  /** Machines that have come this far. */
  readonly machines: readonly string[]
  /** Machines without the agent: they take the new CA from `regenerate-certs`. */
  readonly byHand: readonly string[]
  /** Labels of certificates of the old CA, which end with it. */
  readonly oldCertificates: readonly string[]
}

/** Throws USAGE, CA_KEY, NOT_TOLD (with the names of machines whose agents did not answer; nothing has changed for them). */
export async function rotateCa(w: World): Promise<Rotation> {
  const { agents, byHand } = await machinesOf(w)
  const next = await nextCa(w)
  if (next) {
    const change = { ca: next.both, cross: next.cross }
    await onAll(agents, w, async record => void (await changeTrust(await agentAddress(record, w), change)))
    w.point('agents trust both CAs')
    await switchStore(next, w)
  }
  const ca = await loadOrCreateCa(w)
  const [newest = ''] = certificatesIn(ca.caPem).map(String)
  await onAll(agents, w, async record => {
    const name = record.Name
    await using _lock = await w.store.lock(name, { purpose: `rotate the CA of ${name}`, signal: w.signal })
    const certPem = (await w.store.readFile(['machines', name, 'server.pem'])) ?? ''
    const problem = serverCertProblem({ certPem, caPem: newest, names: [], now: w.now() })
    await copyClientMaterial(w, name) // before the engine shows a certificate of the new CA
    if (problem !== undefined) await renewThroughAgent(record, String(record.Driver.IPAddress), w, ca)
  })
  return {
    stage: 'both',
    machines: namesOf(agents),
    byHand: namesOf(byHand),
    oldCertificates: await oldLabels(newest, w),
  }
}

/** Takes the old CA away, and with it the certificates it issued. Throws as `rotateCa` does, and NOT_ROTATING. */
export async function finishRotation(w: World): Promise<Rotation> {
  const { agents, byHand } = await machinesOf(w)
  const { caCert = '', caKey = '' } = await readFiles(w)
  const all = certificatesIn(caCert).map(String)
  const newest = all.find(pem => belongTogether(pem, caKey))
  if (newest === undefined || all.length < 2)
    throw new MachineError('NOT_ROTATING', 'there is no old CA to take away', {
      hints: [`${w.program} cert rotate-ca begins with a new one`],
    })
  const labels = await oldLabels(newest, w)
  await onAll(agents, w, async record => {
    const at = await agentAddress(record, w)
    // Shown alone from now on. An agent takes no CA away that its certificate is of.
    const [leaf] = certificatesIn((await agentTrust(at)).cert).map(String)
    await changeTrust(at, { ca: newest, ...(leaf === undefined ? {} : { cert: leaf }) })
  })
  w.point('agents trust the new CA')
  await dropOldCa(newest, w)
  const dead = (await readRegister(w)).filter(cert => isOld(cert.issued, newest) && cert.revoked === undefined)
  if (dead.length > 0)
    await revokeSerials(
      dead.map(cert => cert.serial),
      w,
    )
  const revoked = await currentRevocations(w)
  await onAll(agents, w, async record => {
    if (revoked) await changeTrust(await agentAddress(record, w), { revoked })
    await copyClientMaterial(w, record.Name)
  })
  return { stage: 'done', machines: namesOf(agents), byHand: namesOf(byHand), oldCertificates: labels }
}

async function machinesOf(w: World): Promise<{ agents: MachineRecord[]; byHand: MachineRecord[] }> {
  if (Object.keys(w.tlsPaths).length > 0)
    throw new UsageError('certificates named by --tls-… flags are your own, and their CA is not changed here')
  const { machines } = await authorityOf(w)
  const ours = machines.filter(record => record.Machine?.Access !== 'client')
  const provisioned = (record: MachineRecord) =>
    w.drivers.some(d => d.name === record.DriverName) && driverOf(record, w).provisions
  return { agents: ours.filter(hasAgent), byHand: ours.filter(record => !hasAgent(record) && provisioned(record)) }
}

/** All are tried; then those that failed are thrown, by name. */
async function onAll(
  records: readonly MachineRecord[],
  w: World,
  act: (record: MachineRecord) => Promise<void>,
): Promise<void> {
  const results = await Promise.allSettled(records.map(act))
  w.signal.throwIfAborted()
  const failed = results.flatMap((result, i) =>
    result.status === 'rejected' ? [`${records[i]?.Name}: ${messageOf(result.reason)}`] : [],
  )
  if (failed.length === 0) return
  throw new MachineError('NOT_TOLD', `the CA could not be changed on all machines\n${failed.join('\n')}`, {
    hints: ['make them reachable (or remove them) and run it again: it goes on where it stopped'],
  })
}

/** Labels of living certificates of the CA before. */
async function oldLabels(newest: string, w: World): Promise<string[]> {
  const now = w.now().getTime()
  const alive = (await readRegister(w)).filter(
    cert => cert.revoked === undefined && Date.parse(cert.notAfter) > now && isOld(cert.issued, newest),
  )
  return [...new Set(alive.map(cert => cert.label))]
}

/** A CA is older than what it issues; certificates begin a few minutes before they are made. */
function isOld(issued: string, newest: string): boolean {
  const [ca] = certificatesIn(newest)
  return Date.parse(issued) < Date.parse(ca?.validFrom ?? '') + 300_000
}

const namesOf = (records: readonly MachineRecord[]) => records.map(record => record.Name)
