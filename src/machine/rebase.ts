/**
 * Records hold absolute paths, and stores are moved and copied, also between computers: what lay in the store when the
 * record was written lies at the same place in the store as it is now. Paths outside of it stay as they are.
 */
import { join, posix, win32 } from 'node:path'
import { authOptions, type MachineRecord } from './record.ts'

type Json = Record<string, unknown>

/**
 * Where the store was when `raw`, a record of any version, was written; undefined if nothing tells. Driver.StorePath does
 * not always: migrations of Docker Machine left `.` there.
 */
export function writtenIn(raw: Json): string | undefined {
  const driver = object(raw.Driver)
  const auth = object(object(raw.HostOptions).AuthOptions)
  const server = [auth.ServerCertPath, raw.ServerCertPath, driver.SSHKeyPath].map(path => machineDirOf(path))
  const told = [driver.StorePath, ...server, auth.StorePath, raw.StorePath]
  const path = told.find((p): p is string => typeof p === 'string' && isAbsolute(p))
  return path === undefined ? undefined : path.replace(/[\\/]machines[\\/][^\\/]+[\\/]?$/, '')
}

function machineDirOf(path: unknown): string | undefined {
  return typeof path === 'string' ? /^.*[\\/]machines[\\/][^\\/]+(?=[\\/])/.exec(path)?.[0] : undefined
}

/**
 * Changes `record`, written in a store at `old`, to name what lies in the store at `storePath`. A folder that was renamed
 * counts: it is called `name` now, whatever the record says.
 */
export function rebase(record: MachineRecord, old: string | undefined, at: { storePath: string; name: string }): void {
  const { storePath, name } = at
  const before = record.Name
  record.Name = name
  const moved = (from: string, to: string) => {
    record.Driver = movedDeep(record.Driver, from, to) as MachineRecord['Driver']
  }
  if (old !== undefined) moved(old, storePath)
  const machines = join(storePath, 'machines')
  if (before !== name && typeof before === 'string' && /^\w[\w.-]*$/.test(before))
    moved(join(machines, before), join(machines, name))
  record.Driver.StorePath = storePath
  const auth = record.HostOptions.AuthOptions
  if (!auth) return
  const fresh = authOptions(storePath, name, auth.ServerCertSANs ?? [], record.Machine?.Authority)
  // Files that were elsewhere than in the store by choice (--tls-ca-cert …) stay there.
  for (const field of ['CaCertPath', 'CaPrivateKeyPath', 'ClientKeyPath', 'ClientCertPath', 'CertDir'] as const) {
    const path: unknown = auth[field]
    if (typeof path !== 'string' || !isAbsolute(path)) continue
    if (inside(path, storePath) === undefined && inside(path, old) === undefined) fresh[field] = path
  }
  // The order of the text stays, unless older versions had fewer fields: then it is version 3's.
  const whole = Object.keys(fresh).every(field => field in auth)
  record.HostOptions.AuthOptions = whole ? { ...auth, ...fresh } : { ...fresh, ...auth, ...fresh }
}

function movedDeep(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') {
    const way = inside(value, from)
    return way === undefined ? value : join(to, ...way)
  }
  if (Array.isArray(value)) return value.map(v => movedDeep(v, from, to))
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value // JSON.rawJSON is frozen
  return Object.fromEntries(Object.entries(value).map(([field, v]) => [field, movedDeep(v, from, to)]))
}

/** The way from `folder` to `path`, its parts; undefined if it leads out. Of either kind of path: records travel. */
function inside(path: string, folder: string | undefined): string[] | undefined {
  if (folder === undefined || !isAbsolute(path) || !isAbsolute(folder) || isWindows(path) !== isWindows(folder)) return
  const kind = isWindows(folder) ? win32 : posix
  const way = kind.relative(folder, path)
  const parts = way.split(kind.sep)
  return kind.isAbsolute(way) || parts[0] === '..' ? undefined : parts
}

function isAbsolute(path: string): boolean {
  return posix.isAbsolute(path) || isWindows(path)
}

function isWindows(path: string): boolean {
  return /^[a-zA-Z]:[\\/]/.test(path)
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}
