/** Reading config.json of any version and any place. */
import { isAbsolute, join, relative, sep } from 'node:path'
import { MachineError } from '../errors.ts'
import { migrate } from './migrate.ts'
import { authOptions, CONFIG_VERSION, type MachineRecord } from './record.ts'

export interface Parsed {
  record: MachineRecord
  /** The version the text had, when it was not the current one. */
  migratedFrom?: number
}

/** Throws RECORD_UNREADABLE (text that is no record) or RECORD_FUTURE; the caller never overwrites such a text. */
export function parseRecord(text: string, at: { storePath: string; name: string }): Parsed {
  const raw = parseJson(text)
  const version = raw.ConfigVersion === undefined ? 0 : Number(raw.ConfigVersion)
  if (version > CONFIG_VERSION)
    throw new MachineError(
      'RECORD_FUTURE',
      `config version of "${at.name}" is from the future -- you should upgrade your Docker Machine client (it has ${version}, this program reads up to ${CONFIG_VERSION})`,
    )
  const record = version < CONFIG_VERSION ? migrate(raw, version, at) : (raw as unknown as MachineRecord)
  if (!isRecord(record)) throw unreadable(at.name, 'it has no Driver, DriverName or HostOptions')
  rebase(record, at)
  return version < CONFIG_VERSION ? { record, migratedFrom: version } : { record }

  function parseJson(json: string): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(json, keepNumbers)
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    } catch (error) {
      throw unreadable(at.name, jsonProblem(json, error))
    }
    throw unreadable(at.name, 'it is no JSON object')
  }
}

/** Where the text breaks, never what stands there: records of docker-machine hold cloud secrets, and V8 quotes them. */
function jsonProblem(json: string, error: unknown): string {
  if (json.trim() === '') return 'unexpected end of JSON input'
  const at = /at position (\d+)/.exec((error as Error).message)?.[1]
  if (at === undefined) return 'invalid JSON'
  const before = json.slice(0, Number(at)).split('\n')
  return `invalid JSON at line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`
}

function unreadable(name: string, why: string): MachineError {
  return new MachineError('RECORD_UNREADABLE', `Error getting migrated host: ${why}`, {
    hints: [`look at config.json of machine "${name}", or drop it with rm -f ${name}`],
  })
}

interface JsonSource {
  source?: string
}
type RawJson = { rawJSON(text: string): unknown }

/** Ids of some clouds are integers beyond 2^53: they are written back as they were read. */
function keepNumbers(this: unknown, _key: string, value: unknown, context?: JsonSource): unknown {
  if (typeof value !== 'number' || context?.source === undefined || String(value) === context.source) return value
  return Number.isSafeInteger(value) ? value : (JSON as unknown as RawJson).rawJSON(context.source)
}

function isRecord(r: Partial<MachineRecord>): r is MachineRecord {
  return (
    typeof r.Driver === 'object' &&
    r.Driver !== null &&
    typeof r.DriverName === 'string' &&
    typeof r.HostOptions === 'object' &&
    r.HostOptions !== null
  )
}

/** A store may have been moved or copied: what lay in the old one lies at the same place in this one. */
function rebase(record: MachineRecord, { storePath, name }: { storePath: string; name: string }): void {
  record.Name = name
  const old = record.Driver.StorePath
  const auth = record.HostOptions.AuthOptions
  for (const [field, value] of Object.entries(record.Driver))
    if (typeof value === 'string' && typeof old === 'string' && old !== '')
      record.Driver[field] = moved(value, old, storePath)
  record.Driver.StorePath = storePath
  if (!auth) return
  const fresh = authOptions(storePath, name, auth.ServerCertSANs ?? [])
  // Files that were elsewhere than in the store by choice (--tls-ca-cert …) stay there.
  for (const field of ['CaCertPath', 'CaPrivateKeyPath', 'ClientKeyPath', 'ClientCertPath', 'CertDir'] as const) {
    const path = auth[field]
    const inside = typeof old === 'string' && isInside(path, old)
    if (typeof path === 'string' && isAbsolute(path) && !inside && !isInside(path, storePath)) fresh[field] = path
  }
  record.HostOptions.AuthOptions = { ...auth, ...fresh }
}

function moved(path: string, from: string, to: string): string {
  return isInside(path, from) ? join(to, relative(from, path)) : path
}

function isInside(path: string | undefined, folder: string): boolean {
  if (!path || !isAbsolute(path) || !isAbsolute(folder)) return false
  const way = relative(folder, path)
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
}
