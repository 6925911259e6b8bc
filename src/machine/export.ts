/** `export`: a machine as one file, for another computer or another person. Reads only. */
import { readFile } from 'node:fs/promises'
import { pairProblem } from '../certs/index.ts'
import { MachineError, messageOf } from '../errors.ts'
import type { Secret } from '../ssh/quote.ts'
import { clientMaterial } from './authority.ts'
import { encrypt } from './bundle/age.ts'
import { type BundleKind, type Files, MANIFEST, renderManifest } from './bundle/format.ts'
import { pack } from './bundle/tar.ts'
import { clientRecord, placelessRecord } from './bundle-record.ts'
import { isSecured } from './instance.ts'
import { loadRecord } from './load.ts'
import { refuseClientOnly, worldFor } from './own-authority.ts'
import { type MachineRecord, renderRecord } from './record.ts'
import type { World } from './world.ts'

export interface ExportOptions {
  /** Only what using the engine takes: no SSH key, no CA key, and of the record only where the engine is. */
  clientOnly?: boolean
  /** Leave the CA's key out of a full bundle: the other side can then do everything but issue certificates. */
  withoutCaKey?: boolean
  /** PEM of another client certificate than the one this store uses, for a client-only bundle: `share`. */
  client?: { readonly ca: string; readonly cert: string; readonly key: string }
  /** Asked for what encrypts the bundle (age's passphrase format); undefined, said outright, leaves it in the clear. */
  passphrase: (() => Promise<Secret>) | undefined
}

export interface Exported {
  readonly name: string
  readonly kind: BundleKind
  /** Whether the bundle is encrypted. */
  readonly encrypted: boolean
  /** Names of the files in it. */
  readonly files: readonly string[]
  /** The bundle itself. */
  readonly bytes: Uint8Array
}

/** Throws NOT_FOUND, HALF_MADE, CLIENT_ONLY (a full bundle of a machine that is itself only used), NO_CERTS, CERTS_UNUSABLE. */
export async function exportMachine(name: string, w: World, options: ExportOptions): Promise<Exported> {
  const record = await loadRecord(w.store, name, w.program)
  const kind: BundleKind = options.clientOnly ? 'client' : 'full'
  if (record.Machine && record.Machine.Phase !== 'ready')
    throw new MachineError('HALF_MADE', `machine "${name}" is not ready: its create was interrupted`, {
      hints: [`${w.program} provision ${name} or ${w.program} create --resume goes on with it`],
    })
  if (kind === 'full') refuseClientOnly(record, 'a full bundle', w)
  const own = kind === 'client' ? await clientFiles(record, w, options) : await fullFiles(record, w, options)
  const now = w.now()
  const manifest = renderManifest({ kind, name, created: now.toISOString() })
  const files: Files = new Map([[MANIFEST, manifest], ...own])
  const tar = await pack(files, now)
  const { passphrase } = options
  return {
    name,
    kind,
    encrypted: passphrase !== undefined,
    files: [...files.keys()],
    bytes: passphrase === undefined ? tar : await encrypt(tar, await passphrase()),
  }
}

type Entries = [string, Uint8Array][]

async function clientFiles(record: MachineRecord, w: World, { client }: ExportOptions): Promise<Entries> {
  const reduced = await clientRecord(record, w)
  const certs = client ? certEntries(client.ca, client.cert, client.key, w) : await clientEntries(record, w)
  return [text('config.json', renderRecord(reduced)), ...certs]
}

async function fullFiles(record: MachineRecord, w: World, { withoutCaKey }: ExportOptions): Promise<Entries> {
  const key = await sshKey(record, w)
  const rendered = renderRecord(placelessRecord(record, w.store.path, key.length > 0))
  const certs = await clientEntries(record, w)
  const caKey = certs.length > 0 && !withoutCaKey ? await caKeyOf(record, w) : undefined
  const kept = await Promise.all(
    ['server.pem', 'known_hosts'].map(async file => [file, await w.store.readFile(['machines', record.Name, file])]),
  )
  return [
    text('config.json', rendered),
    ...certs,
    ...(caKey === undefined ? [] : [text('ca-key.pem', caKey)]),
    ...key,
    ...kept.flatMap(([file = '', content]) => (content === undefined ? [] : [text(file, content)])),
  ]
}

/** ca.pem, cert.pem and key.pem, held against each other: another process may be replacing them right now. */
async function clientEntries(record: MachineRecord, w: World): Promise<Entries> {
  const its = await worldFor(record, w)
  const copies = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map(file => w.store.readFile(['machines', record.Name, file])),
  )
  const [ca, cert, key] = copies
  if (ca === undefined || cert === undefined || key === undefined) {
    if (!isSecured(record, w)) return [] // an engine of somebody else's: it may have no certificates at all
    const { ca, cert, key } = await clientMaterial(its)
    return certEntries(ca, cert, key, w)
  }
  return certEntries(ca, cert, key, w)
}

function certEntries(caPem: string, certPem: string, keyPem: string, w: World): Entries {
  const problem = pairProblem({ certPem, keyPem, caPem, now: w.now() })
  if (problem?.startsWith('expired')) w.say({ type: 'warn', text: `the client certificate ${problem}` })
  else if (problem)
    throw new MachineError('CERTS_UNUSABLE', `the client certificate ${problem}, so nobody could use the bundle`, {
      hints: [`${w.program} doctor shows what is wrong`],
    })
  return [text('ca.pem', caPem), text('cert.pem', certPem), text('key.pem', keyPem)]
}

/** The CA's key, if it is here. What the store holds may be of another CA than the machine's own files, and is then no use. */
async function caKeyOf(record: MachineRecord, w: World): Promise<string | undefined> {
  const { tlsPaths } = await worldFor(record, w)
  const keyPem =
    tlsPaths.caKey === undefined
      ? await w.store.readFile(['certs', 'ca-key.pem'])
      : await readFile(tlsPaths.caKey, 'utf8')
  const caPem = (await w.store.readFile(['machines', record.Name, 'ca.pem'])) ?? (await clientMaterial(w)).ca
  const problem = keyPem === undefined ? 'is not here' : pairProblem({ certPem: caPem, keyPem, now: w.now() })
  const fits = problem === undefined || problem.startsWith('expired')
  if (!fits)
    w.say({
      machine: record.Name,
      type: 'warn',
      text: 'the key of its CA is not here: the other side can use and manage the machine, but not renew its certificates',
    })
  return fits ? keyPem : undefined
}

/** The key the machine is logged in to with, under Docker Machine's name whatever its own. */
async function sshKey(record: MachineRecord, w: World): Promise<Entries> {
  const path = record.Driver.SSHKeyPath
  const alias = record.Driver.SSHAlias
  if (alias !== undefined) warnOf(`is reached through "${alias}" of your ~/.ssh/config`, record, w)
  if (typeof path !== 'string' || path === '') {
    if (isSecured(record, w) && alias === undefined) warnOf("is logged in to with keys of your SSH agent's", record, w)
    return []
  }
  const key = await readFile(path, 'utf8').catch(cause => {
    throw new MachineError('SSH_KEY_MISSING', `the key ${path} cannot be read: ${messageOf(cause)}`, { cause })
  })
  const pub = await readFile(`${path}.pub`, 'utf8').catch(() => undefined) // a convenience: the key itself holds it too
  return [text('id_rsa', key), ...(pub === undefined ? [] : [text('id_rsa.pub', pub)])]
}

function warnOf(how: string, record: MachineRecord, w: World): void {
  const what = `it ${how}, which no bundle holds: see to it that the other computer can log in`
  w.say({ machine: record.Name, type: 'warn', text: what })
}

const text = (file: string, content: string): [string, Uint8Array] => [file, Buffer.from(content)]
