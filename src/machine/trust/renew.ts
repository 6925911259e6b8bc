/** `cert renew LABEL`: the same certificate again, with a new key and a new end. */
import { MachineError } from '../../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { World } from '../world.ts'
import { type IssuedPair, issueCertificate } from './issue.ts'
import { type Found, findCertificates } from './list.ts'

const DAY_MS = 86_400_000

export interface Renewed extends IssuedPair {
  /** Serial number of the one it follows, which goes on being good until it ends or is revoked. */
  readonly old: string
}

/** The certificate that is meant. Throws NO_CERTIFICATE, AMBIGUOUS, OWN_CERTIFICATE. */
export async function certificateToRenew(word: string, w: World): Promise<Found> {
  const known = await findCertificates(w)
  const serial = word.replaceAll(':', '').toUpperCase()
  const bySerial = known.filter(({ row }) => row.serial === serial)
  const byLabel = known.filter(({ row }) => row.label === word && row.state !== 'revoked' && !row.own)
  const alive = byLabel.filter(({ row }) => row.state === 'valid')
  const found = bySerial.length > 0 ? bySerial : alive.length > 0 ? alive : byLabel.slice(-1)
  const [first, ...more] = found
  if (!first)
    throw new MachineError('NO_CERTIFICATE', `there is no certificate "${word}" to renew`, {
      hints: [
        ...didYouMean(word, [...new Set(known.map(({ row }) => row.label))]),
        `${w.program} cert ls shows labels and serial numbers`,
      ],
    })
  if (more.length > 0)
    throw new MachineError('AMBIGUOUS', `there are ${found.length} certificates "${word}"`, {
      hints: [`name one by its serial number: ${found.map(({ row }) => row.serial).join(', ')}`],
    })
  if (first.row.own)
    throw new MachineError('OWN_CERTIFICATE', `${serial} is the certificate this store itself is used with`, {
      hints: [`${w.program} cert renew, with no name, renews it`],
    })
  return first
}

/** A new certificate for the same label, role and machines; under the lock on the certificates. */
export async function renewCertificate({ row, authority }: Found, days: number | undefined): Promise<Renewed> {
  const { label, role, machines, serial } = row
  const lived = Math.round((Date.parse(row.notAfter) - Date.parse(row.issued)) / DAY_MS)
  const pair = await issueCertificate({ label, role, machines, days: days ?? Math.max(1, lived) }, authority.w)
  return { ...pair, old: serial }
}
