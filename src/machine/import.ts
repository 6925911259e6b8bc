/**
 * `import`: a machine out of a bundle. A bundle is a file from somewhere: of it only known files of sane sizes are taken,
 * their modes are ours, and no path in its record counts. The folder appears whole or not at all.
 */
import { X509Certificate } from 'node:crypto'
import { pairProblem } from '../certs/index.ts'
import { MachineError } from '../errors.ts'
import type { Secret } from '../ssh/quote.ts'
import type { NewFile } from '../store/store.ts'
import { decrypt, isEncrypted } from './bundle/age.ts'
import { type BundleKind, type Files, MANIFEST, modeOf, noBundle, readManifest } from './bundle/format.ts'
import { unpack } from './bundle/tar.ts'
import { placeKeys } from './bundle-record.ts'
import { parseRecord } from './parse.ts'
import { type MachineRecord, renderRecord } from './record.ts'
import type { World } from './world.ts'

export interface ImportOptions {
  /** Name of the machine here; the bundle's own by default. */
  as?: string
  /** Asked for when the bundle is encrypted. */
  passphrase: () => Promise<Secret>
}

export interface Imported {
  readonly name: string
  readonly kind: BundleKind
  readonly driver: string
  /** 'store': the bundle's CA is this store's; 'own': the machine keeps a CA of its own; 'none': it came without. */
  readonly authority: 'store' | 'own' | 'none'
  /** Whether certificates for it can be issued from here. */
  readonly caKey: boolean
}

/** Throws BUNDLE_UNREADABLE, BUNDLE_DAMAGED, BUNDLE_FUTURE, WRONG_PASSPHRASE, ALREADY_EXISTS; nothing is then left behind. */
export async function importMachine(bytes: Uint8Array, w: World, options: ImportOptions): Promise<Imported> {
  const tar = isEncrypted(bytes) ? await decrypt(bytes, await options.passphrase()) : bytes
  const files = await unpack(tar)
  const manifest = readManifest(files)
  const name = options.as ?? manifest.name
  w.store.checkName(name)

  await using _lock = await w.store.lock(name, { purpose: `import ${name}`, signal: w.signal })
  if (await w.store.exists(name))
    throw new MachineError('ALREADY_EXISTS', `Docker machine "${name}" already exists`, {
      hints: [`${w.program} import --as OTHER … gives it another name here`],
    })
  const record = recordOf(files, { storePath: w.store.path, name })
  const certs = certificatesIn(files, w)
  const authority = certs === undefined ? 'none' : await authorityFor(certs, w)
  settle(record, { ...manifest, authority, files }, w)
  w.point('bundle read')
  await w.store.createMachineDir(name, renderRecord(record), [...machineFiles(files, authority)])
  w.point('machine imported')
  return { name, kind: manifest.kind, driver: record.DriverName, authority, caKey: files.has('ca-key.pem') }
}

function recordOf(files: Files, at: { storePath: string; name: string }): MachineRecord {
  try {
    return parseRecord(textOf(files, 'config.json') ?? '', at).record
  } catch (cause) {
    throw cause instanceof MachineError && cause.code === 'RECORD_FUTURE'
      ? cause
      : noBundle('its config.json is no record of a machine', cause)
  }
}

/** What of the record is decided here and not by the bundle. */
function settle(
  record: MachineRecord,
  came: { kind: BundleKind; authority: Imported['authority']; files: Files; name: string },
  w: World,
): void {
  const { kind, authority, files, name } = came
  const renamed = record.Name !== name
  if (authority === 'own' || kind === 'client' || renamed) record.Machine ??= { Phase: 'ready', EngineAgent: 'off' }
  if (record.Machine) {
    const { Authority: _, Access: __, ...rest } = record.Machine
    record.Machine = {
      ...rest,
      ...(authority === 'own' ? { Authority: 'own' } : {}),
      ...(kind === 'client' ? { Access: 'client' } : {}),
      // Managed from two places under two names, the host keeps the one it has: they would rename it in turns.
      ...(renamed ? { HostName: rest.HostName ?? name } : {}),
    }
  }
  placeKeys(record, w.store.path, files.has('id_rsa'))
  const driver = w.drivers.find(d => d.name === record.DriverName)
  if (driver?.renamed) record.Driver = driver.renamed(record.Driver, record.Name)
  if (kind === 'client' && driver?.provisions !== false) throw noBundle('its record is not that of a client-only one')
  if (!driver)
    w.say({
      machine: record.Name,
      type: 'warn',
      text: `its driver "${record.DriverName}" is not among those of this version: what needs the driver will not work`,
    })
}

interface Certificates {
  readonly caPem: string
  readonly certPem: string
  readonly keyPem: string
  readonly caKeyPem: string | undefined
}

/** The bundle's certificates, if it has some. Throws when they do not belong together. */
function certificatesIn(files: Files, w: World): Certificates | undefined {
  const [caPem, certPem, keyPem, caKeyPem] = ['ca.pem', 'cert.pem', 'key.pem', 'ca-key.pem'].map(f => textOf(files, f))
  if (caPem === undefined && certPem === undefined && keyPem === undefined && caKeyPem === undefined) return undefined
  if (caPem === undefined || certPem === undefined || keyPem === undefined)
    throw noBundle('of ca.pem, cert.pem and key.pem it has only some')
  const now = w.now()
  const client = pairProblem({ certPem, keyPem, caPem, now })
  const ca = caKeyPem === undefined ? undefined : pairProblem({ certPem: caPem, keyPem: caKeyPem, now })
  for (const [what, problem] of [
    ['client certificate', client],
    ['CA certificate', ca],
  ] as const) {
    if (problem === undefined) continue
    if (!/^(expired|is not valid before)/.test(problem)) throw noBundle(`its ${what} ${problem}`)
    w.say({ type: 'warn', text: `the ${what} in the bundle ${problem}` })
  }
  return { caPem, certPem, keyPem, caKeyPem }
}

/** 'store' where this store can do for the machine all that the bundle could. */
async function authorityFor(certs: Certificates, w: World): Promise<'store' | 'own'> {
  const [ca, cert, key, caKey] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem', 'ca-key.pem'].map(file => w.store.readFile(['certs', file])),
  )
  const usable = ca !== undefined && cert !== undefined && key !== undefined && sameCertificate(ca, certs.caPem)
  return usable && (caKey !== undefined || certs.caKeyPem === undefined) ? 'store' : 'own'
}

function sameCertificate(a: string, b: string): boolean {
  try {
    return new X509Certificate(a).fingerprint256 === new X509Certificate(b).fingerprint256 && a.trim() === b.trim()
  } catch {
    return false // the store's is broken: the machine does not depend on it then
  }
}

function* machineFiles(files: Files, authority: Imported['authority']): Generator<NewFile> {
  for (const [file, data] of files) {
    const mode = modeOf(file)
    if (file === MANIFEST || file === 'config.json') continue
    if (/^(ca|ca-key|cert|key)\.pem$/.test(file) && authority === 'own') yield { parts: ['certs', file], data, mode }
    if (file !== 'ca-key.pem') yield { parts: [file], data, mode }
  }
}

function textOf(files: Files, file: string): string | undefined {
  const bytes = files.get(file)
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8')
}
