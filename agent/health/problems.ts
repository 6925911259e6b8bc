/** What is wrong or about to be, in sentences; pure. */
import type { Drift, Health } from '../protocol.ts'

const DAY_MS = 86_400_000
const TELL_CERTIFICATE_DAYS = 14
const TELL_CA_DAYS = 30
const FULL_SHARE = 0.9
const LEAST_INODES_SHARE = 0.05
const OWN_UNIT = 'machine-agent.service'
/** The watch runs every minute. */
const STALE_MS = 600_000

export interface Judged {
  readonly health: Omit<Health, 'problems' | 'drift'>
  /** As the watch left it, however old. */
  readonly drift: Drift | undefined
  /** Begin of the server certificate, ISO 8601. */
  readonly notBefore: string
}

export function isFresh(drift: Drift, clock: string): boolean {
  return Math.abs(Date.parse(clock) - Date.parse(drift.checked)) < STALE_MS
}

export function problemsOf({ health, drift, notBefore }: Judged): string[] {
  const { engine, disk, certificate, cas, clock, agent } = health
  const now = Date.parse(clock)
  return [
    ...(engine.answers ? [] : [`the engine does not answer: ${engine.error}`]),
    ...diskProblems(disk),
    ...(now < Date.parse(notBefore)
      ? [`the host's clock says ${clock}, which is before its certificate begins (${notBefore})`]
      : []),
    ...expiry('the server certificate', certificate.notAfter, TELL_CERTIFICATE_DAYS, now),
    ...cas.flatMap(ca => expiry('the CA', ca.notAfter, TELL_CA_DAYS, now)),
    ...driftProblems(drift, clock, now - Date.parse(agent.started)),
  ]
}

function diskProblems(disk: Health['disk']): string[] {
  if (!disk) return []
  const { path, totalBytes, freeBytes, inodes = 0, freeInodes = 0 } = disk
  const used = 1 - freeBytes / totalBytes
  const free = freeInodes / inodes
  return [
    ...(used >= FULL_SHARE ? [`the disk of ${path} is ${Math.floor(used * 100)} % full`] : []),
    ...(free < LEAST_INODES_SHARE ? [`only ${Math.floor(free * 100)} % of the inodes of ${path} are free`] : []),
  ]
}

function expiry(what: string, notAfter: string, withinDays: number, now: number): string[] {
  const left = Date.parse(notAfter) - now
  const day = notAfter.slice(0, 10)
  if (left < 0) return [`${what} ran out on ${day}`]
  if (left >= withinDays * DAY_MS) return []
  const days = Math.floor(left / DAY_MS)
  return [
    `${what} runs out on ${day} (${days === 0 ? 'in less than a day' : `in ${days} day${days === 1 ? '' : 's'}`})`,
  ]
}

function driftProblems(drift: Drift | undefined, clock: string, upMs: number): string[] {
  if (!drift) return upMs < STALE_MS ? [] : ['the watch of the host has not run since it booted']
  if (!isFresh(drift, clock)) return [`the watch of the host has not run since ${drift.checked}`]
  const files = Object.entries(drift.files).map(([path, change]) =>
    change === 'missing' ? `${path} is gone` : `${path} was changed since it was provisioned`,
  )
  return [
    ...files,
    // Whoever tells this is active: the watch looked while it was restarted.
    ...drift.units.filter(unit => unit !== OWN_UNIT).map(unit => `${unit} is not active`),
    ...(drift.listening === false ? ["nothing listens on the engine's port"] : []),
    ...(drift.portOpen === false ? ["the host's firewall no longer lets the engine's port in"] : []),
  ]
}
