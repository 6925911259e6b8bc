/** Reading config.json of any version and any place. */
import { MachineError, messageOf } from '../errors.ts'
import { migrate } from './migrate.ts'
import { rebase, writtenIn } from './rebase.ts'
import { CONFIG_VERSION, type MachineRecord, renderRecord } from './record.ts'

export interface Parsed {
  record: MachineRecord
  /** The version the text had, when it was not the current one. */
  migratedFrom?: number
}

/** Throws RECORD_UNREADABLE (text that is no record) or RECORD_FUTURE; the caller never overwrites such a text. */
export function parseRecord(text: string, at: { storePath: string; name: string }): Parsed {
  const raw = parseJson(text, at.name)
  const version = raw.ConfigVersion ?? 0 // the first versions had no such field
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 0)
    throw unreadable(at.name, `its ConfigVersion is ${JSON.stringify(version)}`)
  if (version > CONFIG_VERSION)
    throw new MachineError(
      'RECORD_FUTURE',
      `config version of "${at.name}" is from the future -- you should upgrade your Docker Machine client (it has ${version}, this program reads up to ${CONFIG_VERSION})`,
    )
  if (!isObject(raw.Driver) || typeof raw.DriverName !== 'string' || raw.DriverName === '')
    throw unreadable(at.name, 'it has no Driver or no DriverName')
  const old = writtenIn(raw)
  const record = version < CONFIG_VERSION ? migrate(raw, version, at.name) : raw
  if (!isObject(record.HostOptions)) throw unreadable(at.name, 'it has no HostOptions')
  rebase(record as unknown as MachineRecord, old, at)
  const parsed = { record: record as unknown as MachineRecord }
  return version < CONFIG_VERSION ? { ...parsed, migratedFrom: version } : parsed
}

/** A copy of a record that was loaded. Not structuredClone: it knows no integers beyond 2^53. */
export function copyRecord(record: MachineRecord): MachineRecord {
  return JSON.parse(renderRecord(record), keepNumbers)
}

function parseJson(json: string, name: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json, keepNumbers)
  } catch (error) {
    throw unreadable(name, jsonProblem(json, messageOf(error)))
  }
  if (isObject(value)) return value
  throw unreadable(name, 'it is no JSON object')
}

/** Where the text breaks, never what stands there: records of docker-machine hold cloud secrets, and V8 quotes them. */
function jsonProblem(json: string, message: string): string {
  const at = /at position (\d+)/.exec(message)?.[1]
  if (/^unexpected end of/i.test(message) || Number(at) >= json.trimEnd().length) return 'unexpected end of JSON input'
  if (at === undefined) return 'invalid JSON'
  const before = json.slice(0, Number(at)).split('\n')
  return `invalid JSON at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}

function unreadable(name: string, why: string): MachineError {
  return new MachineError('RECORD_UNREADABLE', `Error getting migrated host: ${why}`, {
    hints: [`look at config.json of machine "${name}", or drop it with rm -f ${name}`],
  })
}

type RawJson = { rawJSON(text: string): unknown }

/** Ids of some clouds are integers beyond 2^53: they are written back as they were read. */
function keepNumbers(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  const lossy = Number.isInteger(value) && !Number.isSafeInteger(value)
  return lossy && context?.source !== undefined ? (JSON as unknown as RawJson).rawJSON(context.source) : value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
