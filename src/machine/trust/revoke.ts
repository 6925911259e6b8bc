/** `cert revoke`, `cert push`. */
import { isSerial } from '../../certs/index.ts'
import { MachineError } from '../../errors.ts'
import { driverOf } from '../instance.ts'
import { loadRecord } from '../load.ts'
import { didYouMean } from '../nearest.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'
import { authorities, type KnownAuthority } from './authorities.ts'
import { withoutAgent } from './issue.ts'
import { type CertRow, findCertificates } from './list.ts'
import { hasAgent, pushToAll, type Told } from './push.ts'
import { revokeSerials } from './revocations.ts'

export interface Revoked {
  /** Label is '' where the register does not know the serial number. */
  readonly certificates: readonly { readonly serial: string; readonly label: string }[]
  readonly machines: readonly Told[]
  /** Machines without the agent that let some of them in all the same. */
  readonly stillLetIn: readonly string[]
}

export interface RevokeOptions {
  /** Also the certificate this store itself is used with. */
  force?: boolean
}

interface Target {
  readonly serial: string
  readonly label: string
  readonly row: CertRow | undefined
  readonly authority: KnownAuthority
}

/**
 * Revokes certificates by serial number or label (all with that label): written down here first, then told to all agents.
 * Throws NO_CERTIFICATE, OWN_CERTIFICATE, CA_KEY; machines that could not be told are in the result.
 */
export async function revokeCertificates(
  words: readonly string[],
  w: World,
  options: RevokeOptions = {},
): Promise<Revoked> {
  const targets = await targetsOf(words, w)
  const own = targets.find(({ row }) => row?.own)
  if (own && !options.force)
    throw new MachineError('OWN_CERTIFICATE', `${own.serial} is the certificate this store itself is used with`, {
      hints: [
        `${w.program} cert renew --revoke-old replaces it first`,
        '--force revokes it, and nothing here reaches an agent any more',
      ],
    })
  const told: Told[] = []
  const stillLetIn = new Set<string>()
  for (const authority of new Set(targets.map(target => target.authority))) {
    const its = targets.filter(target => target.authority === authority)
    const serials = its.map(target => target.serial)
    await revokeSerials(serials, authority.w)
    told.push(...(await pushToAll(authority.machines.filter(hasAgent), authority.w)))
    if (its.some(({ row }) => dockerdTakes(row)))
      for (const record of withDockerdAlone(authority)) stillLetIn.add(record.Name)
  }
  return {
    certificates: targets.map(({ serial, label }) => ({ serial, label })),
    machines: told,
    stillLetIn: [...stillLetIn],
  }
}

/** Tells these agents what is revoked, or all of them. Throws NOT_FOUND, AGENT_MISSING for a machine named that has none. */
export async function pushRevocations(names: readonly string[], w: World): Promise<Told[]> {
  for (const name of names) {
    const record = await loadRecord(w.store, name, w.program)
    if (!hasAgent(record)) throw withoutAgent(record, 'nothing can be revoked there', w)
  }
  const all = await authorities(w)
  const told = all.map(({ machines, w }) =>
    pushToAll(
      machines.filter(record => hasAgent(record) && (names.length === 0 || names.includes(record.Name))),
      w,
    ),
  )
  return (await Promise.all(told)).flat()
}

async function targetsOf(words: readonly string[], w: World): Promise<Target[]> {
  const known = await findCertificates(w)
  const targets = new Map<string, Target>()
  for (const word of words) {
    const serial = word.replaceAll(':', '').toUpperCase()
    const byLabel = known.filter(({ row }) => row.label === word && row.state === 'valid')
    const found = byLabel.length > 0 ? byLabel : known.filter(({ row }) => row.serial === serial)
    for (const { row, authority } of found)
      targets.set(row.serial, { serial: row.serial, label: row.label, row, authority })
    if (found.length > 0) continue
    const [first] = await authorities(w)
    // A serial number that no register knows: of a bundle that export made, of a store that is lost.
    if (!first || !isSerial(serial) || serial.length < 16)
      throw unknown(
        word,
        known.map(({ row }) => row),
        w,
      )
    targets.set(serial, { serial, label: '', row: undefined, authority: first })
  }
  return [...targets.values()]
}

function unknown(word: string, rows: readonly CertRow[], w: World): MachineError {
  const over = rows.find(row => row.label === word)
  const text = over ? `the certificates of "${word}" are ${over.state} already` : `there is no certificate "${word}"`
  return new MachineError('NO_CERTIFICATE', text, {
    hints: [
      ...(over ? [] : didYouMean(word, [...new Set(rows.map(row => row.label))])),
      `${w.program} cert ls shows labels and serial numbers`,
    ],
  })
}

/** dockerd refuses what may do less than all: see issueClientCert. What the register does not know may be anything. */
function dockerdTakes(row: CertRow | undefined): boolean {
  return row === undefined || (row.role === 'admin' && row.machines === null)
}

function withDockerdAlone({ machines, w }: KnownAuthority): MachineRecord[] {
  return machines.filter(record => {
    if (hasAgent(record) || record.Machine?.Access === 'client') return false
    try {
      return driverOf(record, w).provisions
    } catch {
      return true // its driver is not here: it may be one of ours all the same
    }
  })
}
