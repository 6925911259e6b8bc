/** A client certificate for somebody else, or for a program: `cert issue`, and what `share` and `cert renew` begin with. */
import type { Role } from '../../../agent/protocol.ts'
import { examine, isLabel, issueClientCert, ownerOf, pairProblem } from '../../certs/index.ts'
import { MachineError, UsageError } from '../../errors.ts'
import { noCaKey, readFiles } from '../authority.ts'
import { loadRecord } from '../load.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'
import { authorityOf } from './authorities.ts'
import { hasAgent } from './push.ts'
import { type Issued, type NamedMachine, readRegister, writeRegister } from './register.ts'

/** Ten years: no CA of ours is older. */
const MAX_DAYS = 3650

export interface IssueAsk {
  /** Whom it is for; the certificate's common name. */
  readonly label: string
  readonly role: Role
  readonly days: number
  /** The machines it shall be good for; all of the CA by default. */
  readonly machines?: readonly NamedMachine[] | null
}

export interface IssuedPair {
  readonly certificate: Issued
  readonly ca: string
  readonly cert: string
  readonly key: string
}

/**
 * Issues a certificate of this world's CA and enters it in the register, which comes first: what is handed out can be taken
 * back. Throws USAGE, CA_KEY, NO_CERTS, CERTS_UNUSABLE, EXPIRED.
 */
export async function issueCertificate(ask: IssueAsk, w: World): Promise<IssuedPair> {
  checkAsk(ask)
  const { label, role, days, machines = null } = ask
  await using _lock = await w.store.lockCerts({ purpose: `issue a certificate`, waitMs: 60_000, signal: w.signal })
  const ca = await signer(w)
  const now = w.now()
  const pair = await issueClientCert({
    ca,
    owner: ownerOf(w.env, w.platform),
    now,
    days,
    role,
    commonName: label,
    ...(machines ? { machineIds: machines.map(machine => machine.id) } : {}),
  })
  const { serial, notBefore, notAfter } = examine(pair.certPem)
  const certificate: Issued = {
    serial,
    label,
    role,
    machines,
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    issued: now.toISOString(),
  }
  await writeRegister(w, [...(await readRegister(w)), certificate])
  w.point('certificate registered')
  return { certificate, ca: ca.certPem, cert: pair.certPem, key: pair.keyPem }
}

/** Takes a certificate out of the register that nobody was given. */
export async function withdraw(serial: string, w: World): Promise<void> {
  await using _lock = await w.store.lockCerts({ purpose: 'withdraw a certificate', waitMs: 60_000, signal: w.signal })
  await writeRegister(
    w,
    (await readRegister(w)).filter(cert => cert.serial !== serial),
  )
}

/** Throws USAGE; before anything is asked of the person or the store. */
export function checkAsk({ label, days }: Pick<IssueAsk, 'label' | 'days'>): void {
  if (!isLabel(label))
    throw new UsageError(`"${label}" cannot be the name of a certificate`, [
      'it is made of up to 64 letters, digits and . _ @ -, and begins with none of the marks but _ and @',
    ])
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
    throw new UsageError(`a certificate lasts 1 to ${MAX_DAYS} days, not ${days}`)
}

/**
 * The machines as a certificate names them. Throws NOT_FOUND, OTHER_CA, and AGENT_MISSING for those whose engine could not
 * tell such a certificate from one for all machines.
 */
export async function namedMachines(names: readonly string[], w: World): Promise<NamedMachine[]> {
  const { machines } = await authorityOf(w)
  const named: NamedMachine[] = []
  for (const name of new Set(names)) {
    const record = await loadRecord(w.store, name, w.program)
    if (!machines.some(machine => machine.Name === name))
      throw new MachineError('OTHER_CA', `machine "${name}" has another CA than this store`, {
        hints: [`${w.program} share ${name} --for LABEL issues a certificate of its CA`],
      })
    named.push({ name, id: agentId(record, w) })
  }
  return named
}

/** What certificates call the machine. Throws AGENT_MISSING. */
export function agentId(record: MachineRecord, w: World): string {
  const name = record.Name
  if (!hasAgent(record)) throw withoutAgent(record, 'no certificate can be for it alone', w)
  const id = record.Machine?.AgentId
  if (typeof id === 'string' && /^[0-9a-f]{32}$/.test(id)) return id
  throw new MachineError('AGENT_MISSING', `machine "${name}" has an agent, but its id is not known here`, {
    hints: [`${w.program} provision ${name} learns it`],
  })
}

export function withoutAgent(record: MachineRecord, so: string, w: World): MachineError {
  const name = record.Name
  return new MachineError('AGENT_MISSING', `machine "${name}" has no engine agent, so ${so}`, {
    hints: [`${w.program} provision ${name} --engine-agent=on gives it the agent`],
  })
}

/** The CA and its key, fit to sign. Needs the lock on the certificates. */
async function signer(w: World): Promise<{ certPem: string; keyPem: string }> {
  const { caCert, caKey } = await readFiles(w)
  if (caCert === undefined)
    throw new MachineError('NO_CERTS', `there is no CA yet in ${w.store.filePath(['certs'])}`, {
      hints: [`${w.program} create makes it with the first machine`],
    })
  if (caKey === undefined) throw noCaKey(w)
  const problem = pairProblem({ certPem: caCert, keyPem: caKey, now: w.now() })
  if (problem === undefined) return { certPem: caCert, keyPem: caKey }
  throw new MachineError(
    problem.startsWith('expired') ? 'EXPIRED' : 'CERTS_UNUSABLE',
    `the CA certificate ${problem}`,
    {
      hints: problem.startsWith('expired')
        ? [`${w.program} regenerate-certs --client-certs NAME… makes a new one, for the machines named`]
        : ['put the right files back from a backup'],
    },
  )
}
