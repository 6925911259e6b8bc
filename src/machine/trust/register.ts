/** The client certificates a CA gave out. Nothing secret is in it: a key is handed over once and never kept. */
import { ROLES, type Role } from '../../../agent/protocol.ts'
import { examine } from '../../certs/index.ts'
import { MachineError } from '../../errors.ts'
import { MODE } from '../../store/store.ts'
import { readFiles } from '../authority.ts'
import type { World } from '../world.ts'
import { trustFile } from './authorities.ts'

export interface NamedMachine {
  /** What it was called then. */
  readonly name: string
  /** Its agent's. */
  readonly id: string
}

export interface Issued {
  /** Upper-case hexadecimal. */
  readonly serial: string
  readonly label: string
  readonly role: Role
  /** The machines it is good for; null for all of its CA. */
  readonly machines: readonly NamedMachine[] | null
  /** Times are ISO 8601. */
  readonly notBefore: string
  readonly notAfter: string
  readonly issued: string
  readonly revoked?: string
}

const VERSION = 1

/** Throws REGISTER_UNREADABLE: an unreadable register is never written over. */
export async function readRegister(w: World): Promise<Issued[]> {
  const file = await trustFile(w, 'issued')
  const text = await w.store.readFile(file)
  if (text === undefined) return []
  try {
    const { version, certificates } = JSON.parse(text) as { version?: unknown; certificates?: unknown }
    if (version === VERSION && Array.isArray(certificates) && certificates.every(isIssued)) return certificates
  } catch {
    // said below
  }
  throw new MachineError('REGISTER_UNREADABLE', `${w.store.filePath(file)} is no register of certificates`, {
    hints: ['put it back from a backup; or move it away, and what it lists can only be revoked by serial number'],
  })
}

/** Needs the lock on the certificates. */
export async function writeRegister(w: World, certificates: readonly Issued[]): Promise<void> {
  const text = `${JSON.stringify({ version: VERSION, certificates }, null, 2)}\n`
  await w.store.writeFile(await trustFile(w, 'issued'), text, MODE.secret)
}

/** The certificate this world itself speaks to engines with; undefined where there is none, or none that can be read. */
export async function ownCertificate(w: World): Promise<Issued | undefined> {
  try {
    const { clientCert = '' } = await readFiles(w)
    const { serial, notBefore, notAfter, subject } = examine(clientCert)
    const of = (field: string) => new RegExp(`(?:^|, )${field}=([^,]*)`).exec(subject)?.[1]
    return {
      serial,
      label: of('CN') ?? of('O') ?? '',
      role: ROLES.find(role => role === of('OU')) ?? 'admin',
      machines: null,
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
      issued: notBefore.toISOString(),
    }
  } catch {
    return undefined
  }
}

function isIssued(value: unknown): value is Issued {
  const { serial, label, role, machines, notAfter } = Object(value) as Partial<Issued>
  const texts = [serial, label, role, notAfter].every(text => typeof text === 'string')
  return texts && (machines === null || Array.isArray(machines))
}
