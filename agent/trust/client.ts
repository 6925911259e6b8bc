/** Who a client is, from its certificate; the TLS library has checked that one of our CAs signed it. */
import type { X509Certificate } from 'node:crypto'
import { MACHINE_URN, ROLES, type Role } from '../protocol.ts'
import { signedBy } from './pem.ts'

export interface Client {
  /** Common name, for people; '' where there is none. */
  readonly name: string
  /** As it stands in the certificate; several are joined by a comma, none is ''. */
  readonly ou: string
  /** Undefined: an OU that is no role. */
  readonly role: Role | undefined
  readonly serial: string
  readonly notAfter: Date
  /** Ids of the machines it is good for; undefined: all. */
  readonly machines: readonly string[] | undefined
}

export function clientOf(cert: X509Certificate): Client {
  const subject = cert.toLegacyObject().subject as Readonly<Record<string, string | string[] | undefined>>
  const list = (field: string) => [subject[field] ?? []].flat()
  const units = list('OU')
  return {
    name: list('CN')[0] ?? '',
    ou: units.join(','),
    role: roleOf(units),
    serial: cert.serialNumber,
    notAfter: new Date(cert.validTo),
    machines: machinesOf(cert.subjectAltName ?? ''),
  }
}

function roleOf(units: readonly string[]): Role | undefined {
  if (units.length === 0) return 'admin'
  const places = units.map(unit => ROLES.indexOf(unit as Role))
  return ROLES[Math.min(...places)] // -1, for an OU that is no role, finds nothing
}

/** One that names machines in a form we do not read (other case, quotes) was not meant for all of them: it is good for none. */
function machinesOf(names: string): string[] | undefined {
  if (!names.toLowerCase().includes(MACHINE_URN)) return undefined
  const all = names.split(', ').filter(name => name.startsWith(`URI:${MACHINE_URN}`))
  return all.map(name => name.slice(`URI:${MACHINE_URN}`.length))
}

/** A serial number as lists and certificates are compared by: tools differ in zeros at its front. */
export function bareSerial(serial: string): string {
  return serial.replace(/^0+(?=.)/, '')
}

/** Why this client may ask nothing now, as a sentence; undefined if it may. */
export function clientProblem(
  client: Client,
  /** `revoked`: bare serial numbers. */
  o: { id: string; revoked: ReadonlySet<string>; now: Date },
): string | undefined {
  const who = client.name === '' ? 'this certificate' : `the certificate of ${client.name}`
  if (o.revoked.has(bareSerial(client.serial))) return `${who} (serial ${client.serial}) has been revoked`
  if (client.notAfter < o.now) return `${who} expired on ${client.notAfter.toISOString().slice(0, 10)}`
  if (client.machines && !client.machines.includes(o.id)) return `${who} is not good for this machine`
  if (client.role === undefined) return `${who} has the OU "${client.ou}", which is none of ${ROLES.join(', ')}`
  return undefined
}

/** Why a certificate that TLS let in is none of ours: a CA below ours issued it, or its CA has been taken away since. */
export function issuerProblem(cert: X509Certificate, cas: readonly X509Certificate[]): string | undefined {
  return cas.some(ca => signedBy(cert, ca)) ? undefined : 'the CA of this certificate is trusted no longer'
}
