/** Certificates a machine is used with that run out soon, or have. */
import type { MachineRecord } from './record.ts'
import type { World } from './world.ts'

/** `ls` tells of a certificate that runs out in less than this many days, or than a third of its life if that is less. */
export const TELL_WITHIN_DAYS = 14
export const DAY_MS = 86_400_000

export interface Expiring {
  readonly certificate: 'server' | 'client' | 'CA'
  /** ISO 8601. */
  readonly expires: string
  /** Whole days left; negative when it has run out. */
  readonly days: number
  /** It was given to this computer, with nothing to renew it here. */
  readonly given?: true
}

interface Life {
  readonly notBefore: Date
  readonly notAfter: Date
}

const FILES = [
  ['server', 'server.pem'],
  ['client', 'cert.pem'],
  ['CA', 'ca.pem'],
] as const

/** Looks at certificates once, however many machines hold a copy of the same. */
export interface CertificateWatch {
  /** What runs out soon of the certificates in the machine's folder; what cannot be read is passed over. */
  expiring(record: Pick<MachineRecord, 'Name' | 'Machine'>): Promise<Expiring[]>
}

export function watchCertificates(w: World): CertificateWatch {
  const ends = new Map<string, Life | undefined>()
  const examine = import('../certs/examine.ts')
  const endOf = async (pem: string) => {
    if (!ends.has(pem)) ends.set(pem, (await examine).lifeOf(pem))
    return ends.get(pem)
  }
  return {
    async expiring({ Name: name, Machine }) {
      const given = Machine?.Access === 'client' ? { given: true as const } : {}
      const now = w.now().getTime()
      const seen = await Promise.all(
        FILES.map(async ([certificate, file]): Promise<Expiring[]> => {
          const pem = await w.store.readFile(['machines', name, file]).catch(() => undefined)
          const life = pem === undefined ? undefined : await endOf(pem)
          if (life === undefined) return []
          const end = life.notAfter.getTime()
          const third = (end - life.notBefore.getTime()) / 3
          if (end - now >= Math.min(TELL_WITHIN_DAYS * DAY_MS, third)) return []
          return [
            { certificate, expires: life.notAfter.toISOString(), days: Math.floor((end - now) / DAY_MS), ...given },
          ]
        }),
      )
      return seen.flat()
    },
  }
}

/** What `ls` says of it, with the command that renews it. */
export function expirySentence({ certificate, expires, days, given }: Expiring, name: string, program: string): string {
  const day = expires.slice(0, 10)
  const when = days < 0 ? `ran out on ${day}` : `runs out on ${day} (${left(days)})`
  if (given) return `the ${certificate} certificate ${when}: whoever shared the machine can share it anew`
  const renew = certificate === 'server' ? `provision ${name}` : `regenerate-certs --client-certs ${name}`
  return `the ${certificate} certificate ${when}: ${program} ${renew} renews it`
}

function left(days: number): string {
  if (days === 0) return 'in less than a day'
  return days === 1 ? 'in 1 day' : `in ${days} days`
}
