/**
 * The bundle: a tar of a handful of small files, the manifest first, inside age's passphrase encryption unless it was asked
 * for in the clear. docs/bundle.md describes it for those who read it with other tools.
 */
import { MachineError } from '../../errors.ts'

export const MANIFEST = 'bundle.json'
const FORMAT = 'machine-bundle'
const VERSION = 1

/** full: all that managing the machine takes; client: what using its engine takes. */
export type BundleKind = 'full' | 'client'

export interface Manifest {
  readonly format: typeof FORMAT
  readonly version: typeof VERSION
  readonly kind: BundleKind
  /** The machine's name where it was exported. */
  readonly name: string
  /** ISO 8601. */
  readonly created: string
}

/** What may lie in a bundle, and the mode it has, in the tar and after import. Nothing else is taken out of one. */
const FILES: Readonly<Record<string, { mode: number; kinds: readonly BundleKind[] }>> = {
  [MANIFEST]: { mode: 0o644, kinds: ['full', 'client'] },
  'config.json': { mode: 0o600, kinds: ['full', 'client'] },
  'ca.pem': { mode: 0o644, kinds: ['full', 'client'] },
  'cert.pem': { mode: 0o644, kinds: ['full', 'client'] },
  'key.pem': { mode: 0o600, kinds: ['full', 'client'] },
  'ca-key.pem': { mode: 0o600, kinds: ['full'] },
  'server.pem': { mode: 0o644, kinds: ['full'] },
  id_rsa: { mode: 0o600, kinds: ['full'] },
  'id_rsa.pub': { mode: 0o644, kinds: ['full'] },
  known_hosts: { mode: 0o600, kinds: ['full'] },
}

/** A bundle of ten files of a few kilobytes; a CA bundle or a record may be larger, never by this much. */
export const MAX_FILE_BYTES = 1024 * 1024
export const MAX_BUNDLE_BYTES = 4 * MAX_FILE_BYTES

/** A bundle's files by name, without the manifest. */
export type Files = ReadonlyMap<string, Uint8Array>

export function modeOf(file: string): number {
  return FILES[file]?.mode ?? 0o600
}

export function isBundleFile(file: string): boolean {
  return Object.hasOwn(FILES, file)
}

export function renderManifest(m: Pick<Manifest, 'kind' | 'name' | 'created'>): Uint8Array {
  const { kind, name, created } = m
  return Buffer.from(`${JSON.stringify({ format: FORMAT, version: VERSION, kind, name, created }, null, 2)}\n`)
}

/** Reads the manifest and holds the bundle against it. Throws BUNDLE_UNREADABLE or BUNDLE_FUTURE. */
export function readManifest(files: Files): Manifest {
  const manifest = parse(files.get(MANIFEST))
  if (manifest.format !== FORMAT) throw noBundle('its bundle.json is of another kind')
  if (typeof manifest.version === 'number' && manifest.version > VERSION)
    throw new MachineError(
      'BUNDLE_FUTURE',
      `the bundle has version ${manifest.version}, and this program reads version ${VERSION}`,
      { hints: ['update this program'] },
    )
  const { version, kind, name, created } = manifest
  if (version !== VERSION) throw noBundle(`its version is ${JSON.stringify(version)}`)
  if (kind !== 'full' && kind !== 'client') throw noBundle(`its kind is ${JSON.stringify(kind)}`)
  if (typeof name !== 'string') throw noBundle('it names no machine')
  if (!files.has('config.json')) throw noBundle('it has no config.json')
  const stranger = [...files.keys()].find(file => !FILES[file]?.kinds.includes(kind))
  if (stranger !== undefined)
    throw noBundle(`"${stranger}" does not belong in a ${kind === 'client' ? 'client-only' : 'full'} one`)
  return { format: FORMAT, version, kind, name, created: String(created) }
}

function parse(bytes: Uint8Array | undefined): Partial<Record<keyof Manifest, unknown>> {
  if (bytes === undefined) throw noBundle('it has no bundle.json')
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // what V8 says would quote the text
  }
  throw noBundle('its bundle.json is no JSON object')
}

export function noBundle(why: string, cause?: unknown): MachineError {
  return new MachineError('BUNDLE_UNREADABLE', `this is no bundle of a machine: ${why}`, { cause })
}
