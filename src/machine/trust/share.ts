/** `share`: a machine for somebody else, with a certificate of their own that may be less than ours and can be taken back. */
import type { Role } from '../../../agent/protocol.ts'
import { MachineError } from '../../errors.ts'
import { type Exported, type ExportOptions, exportMachine } from '../export.ts'
import { isSecured } from '../instance.ts'
import { loadRecord } from '../load.ts'
import { refuseClientOnly, worldFor } from '../own-authority.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'
import { agentId, checkAsk, issueCertificate, withdraw, withoutAgent } from './issue.ts'
import { hasAgent } from './push.ts'
import type { Issued, NamedMachine } from './register.ts'

export interface ShareAsk {
  /** Whom it is for. */
  readonly label: string
  readonly role: Role
  readonly days: number
  readonly passphrase: ExportOptions['passphrase']
}

export interface Shared extends Exported {
  readonly certificate: Issued
}

/**
 * A client-only bundle of the machine whose certificate is good for this machine alone. An engine without the agent takes
 * every certificate for an admin's, and for all machines: such a machine is shared with admins or not at all. Throws
 * AGENT_MISSING, NOT_SECURED, and what `exportMachine` and `issueCertificate` throw.
 */
export async function shareMachine(name: string, ask: ShareAsk, w: World): Promise<Shared> {
  checkAsk(ask)
  const record = await loadRecord(w.store, name, w.program)
  refuseClientOnly(record, 'share', w)
  if (!isSecured(record, w))
    throw new MachineError('NOT_SECURED', `machine "${name}" has no certificates of ours to share it with`)
  const machines = machinesFor(record, ask, w)
  const { label, role, days, passphrase } = ask
  const secret = await passphrase?.() // asked for first: a bundle that is not made after all leaves no certificate behind
  const its = await worldFor(record, w)
  const given = await issueCertificate({ label, role, days, machines }, its)
  const bundle = await exportMachine(name, w, {
    clientOnly: true,
    client: given,
    passphrase: secret && (async () => secret),
  }).catch(async error => {
    await withdraw(given.certificate.serial, its)
    throw error
  })
  return { ...bundle, certificate: given.certificate }
}

function machinesFor(record: MachineRecord, { role, label }: ShareAsk, w: World): NamedMachine[] | null {
  const name = record.Name
  if (hasAgent(record)) return [{ name, id: agentId(record, w) }]
  if (role !== 'admin') throw withoutAgent(record, 'its engine knows no roles: every certificate is an admin there', w)
  w.say({
    machine: name,
    type: 'warn',
    text: `machine "${name}" has no engine agent: ${label} can do everything on every machine of this CA, and the certificate cannot be revoked on those without the agent`,
  })
  return null
}
