/** The agent's answers, read with care: they come from a host. What does not fit throws; texts lose what terminals obey. */
import {
  type Drift,
  type Health,
  type KeyAnswer,
  ROLES,
  type SignedRevocations,
  type TrustState,
} from '../../agent/protocol.ts'

type Fields = Readonly<Record<string, unknown>>

const LONGEST_TEXT = 2000
const MOST_ITEMS = 1000

export function healthIn(value: unknown): Health {
  const all = fields(value)
  const [agent, you, certificate, revocation] = [
    fields(all.agent),
    fields(all.you),
    fields(all.certificate),
    fields(all.revocation),
  ]
  return {
    agent: {
      version: text(agent.version),
      digest: text(agent.digest),
      node: text(agent.node),
      started: time(agent.started),
    },
    id: text(all.id),
    you: {
      name: text(you.name),
      role: oneOf(ROLES, you.role),
      serial: text(you.serial),
      notAfter: time(you.notAfter),
    },
    engine: engineIn(fields(all.engine)),
    ...(all.disk === undefined ? {} : { disk: diskIn(fields(all.disk)) }),
    certificate: { serial: text(certificate.serial), notAfter: time(certificate.notAfter) },
    cas: list(all.cas)
      .map(fields)
      .map(ca => ({
        fingerprint256: text(ca.fingerprint256),
        notAfter: time(ca.notAfter),
      })),
    revocation: { number: count(revocation.number), serials: count(revocation.serials) },
    clock: time(all.clock),
    ...(all.drift === undefined ? {} : { drift: driftIn(fields(all.drift)) }),
    problems: list(all.problems).map(text),
  }
}

export function keyAnswerIn(value: unknown): KeyAnswer {
  const { publicKey, csr } = fields(value)
  return { publicKey: pem(publicKey), csr: pem(csr) }
}

export function trustStateIn(value: unknown): TrustState {
  const { ca, cert, revoked } = fields(value)
  return { ca: pem(ca), cert: pem(cert), revoked: revoked === null ? null : signedIn(fields(revoked)) }
}

function engineIn(engine: Fields): Health['engine'] {
  if (!flag(engine.answers)) return { answers: false, error: text(engine.error) }
  return {
    answers: true,
    version: text(engine.version),
    apiVersion: text(engine.apiVersion),
    minApiVersion: text(engine.minApiVersion),
  }
}

function diskIn(disk: Fields): NonNullable<Health['disk']> {
  const { path, totalBytes, freeBytes, inodes, freeInodes } = disk
  return {
    path: text(path),
    totalBytes: count(totalBytes),
    freeBytes: count(freeBytes),
    ...(inodes === undefined ? {} : { inodes: count(inodes) }),
    ...(freeInodes === undefined ? {} : { freeInodes: count(freeInodes) }),
  }
}

function driftIn(drift: Fields): Drift {
  const { checked, files, units, portOpen, listening } = drift
  const changes = Object.entries(fields(files)).slice(0, MOST_ITEMS)
  return {
    checked: time(checked),
    files: Object.fromEntries(
      changes.map(([path, change]) => [text(path), oneOf(['changed', 'missing'] as const, change)]),
    ),
    units: list(units).map(text),
    ...(portOpen === undefined ? {} : { portOpen: flag(portOpen) }),
    ...(listening === undefined ? {} : { listening: flag(listening) }),
  }
}

function signedIn({ payload, signature }: Fields): SignedRevocations {
  return { payload: string(payload), signature: string(signature) }
}

/** Thrown by all below: the caller knows whose answer it is. */
class Misfit extends Error {}

function fields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw new Misfit('no object')
}

function list(value: unknown): unknown[] {
  if (Array.isArray(value) && value.length <= MOST_ITEMS) return value
  throw new Misfit('no list')
}

function string(value: unknown): string {
  if (typeof value === 'string') return value
  throw new Misfit('no text')
}

/** For people: one line, nothing a terminal would obey. */
function text(value: unknown): string {
  return string(value)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .slice(0, LONGEST_TEXT)
}

/** What it is a PEM of, node:crypto says. */
function pem(value: unknown): string {
  const its = string(value)
  if (its.startsWith('-----BEGIN ') && !/[^\w+/=\s-]/.test(its)) return its
  throw new Misfit('no PEM')
}

function time(value: unknown): string {
  if (!Number.isNaN(Date.parse(string(value)))) return text(value)
  throw new Misfit('no time')
}

function count(value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw new Misfit('no number')
}

function flag(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw new Misfit('neither true nor false')
}

function oneOf<T>(values: readonly T[], value: unknown): T {
  const found = values.find(known => known === value)
  if (found !== undefined) return found
  throw new Misfit('an unknown word')
}
