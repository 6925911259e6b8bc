/** `cert ls`: the client certificates that were given out, and the store's own. */
import type { World } from '../world.ts'
import { authorities, type KnownAuthority } from './authorities.ts'
import { type Issued, ownCertificate, readRegister } from './register.ts'

export interface CertRow extends Issued {
  readonly state: 'valid' | 'expired' | 'revoked'
  /** The one this store (or, of a machine with a CA of its own, that machine) is itself used with. */
  readonly own: boolean
  /** Names of the machines with a CA of their own that it is of; absent for the store's CA. */
  readonly ofMachines?: readonly string[]
}

/** A certificate and the CA it is of. */
export interface Found {
  readonly row: CertRow
  readonly authority: KnownAuthority
}

/** In the order they were issued, CA by CA, the own one first. */
export async function listCertificates(w: World): Promise<CertRow[]> {
  return (await findCertificates(w)).map(({ row }) => row)
}

export async function findCertificates(w: World): Promise<Found[]> {
  const all = await authorities(w)
  const rows = await Promise.all(all.map((authority, i) => rowsOf(authority, i > 0)))
  return rows.flat()
}

async function rowsOf(authority: KnownAuthority, ofMachines: boolean): Promise<Found[]> {
  const { w, machines } = authority
  const ids = new Map(machines.map(({ Machine, Name }) => [Machine?.AgentId, Name]))
  const register = await readRegister(w)
  const own = await ownCertificate(w)
  const others = register.filter(cert => cert.serial !== own?.serial)
  const registered = register.find(cert => cert.serial === own?.serial)
  const show = (cert: Issued, isOwn: boolean): Found => ({
    authority,
    row: {
      ...cert,
      machines: cert.machines?.map(machine => ({ ...machine, name: ids.get(machine.id) ?? machine.name })) ?? null,
      state: stateOf(cert, w.now()),
      own: isOwn,
      ...(ofMachines ? { ofMachines: machines.map(machine => machine.Name) } : {}),
    },
  })
  return [...(own ? [show(registered ?? own, true)] : []), ...others.map(cert => show(cert, false))]
}

function stateOf(cert: Issued, now: Date): CertRow['state'] {
  if (cert.revoked !== undefined) return 'revoked'
  return Date.parse(cert.notAfter) < now.getTime() ? 'expired' : 'valid'
}
