/** The store's CA and client certificate: Docker Machine's where they are there, made here where not. */
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { belongTogether, createCa, issueClientCert, type KeyAndCert, ownerOf, pairProblem } from '../certs/index.ts'
import { MachineError } from '../errors.ts'
import { followContexts } from './follow-contexts.ts'
import type { World } from './world.ts'

export interface Authority {
  /** PEM of the CA; a bundle of several during a change of CAs. */
  readonly caPem: string
  readonly clientCertPem: string
  readonly clientKeyPem: string
  /** During a change of CAs: the new one, signed by the old. Server certificates are shown with it. '' otherwise. */
  readonly crossPem: string
  /** PEM of the CA's key; throws CA_KEY where it is not here (a store that only uses machines). */
  caKeyPem(): string
}

export interface Files {
  caCert: string | undefined
  caKey: string | undefined
  clientCert: string | undefined
  clientKey: string | undefined
  caCross?: string | undefined
}

/** Beside the pairs, for as long as two CAs are in force. */
export const CROSS = ['certs', 'ca-cross.pem'] as const

export const IN_STORE = { caCert: 'ca.pem', caKey: 'ca-key.pem', clientCert: 'cert.pem', clientKey: 'key.pem' } as const

/**
 * The CA and the client certificate, made when they are missing (under a lock: ten creates on an empty store agree on
 * one). No key is ever overwritten. Throws with what is wrong when what is there does not fit together or has run out.
 */
export async function loadOrCreateCa(w: World): Promise<Authority> {
  const before = await readFiles(w)
  if (complete(before) && !(await halfRenewed(before, w))) return checked(before, w)
  if (Object.keys(w.tlsPaths).length > 0) throw incomplete(before, w) // files of the person's own: nothing is made beside
  await w.store.ensure()
  await using _lock = await w.store.lockCerts({
    purpose: 'make certificates',
    waitMs: 60_000,
    signal: w.signal,
  })
  await finishPair(w, IN_STORE.caCert, IN_STORE.caKey)
  await finishPair(w, IN_STORE.clientCert, IN_STORE.clientKey)
  const files = await readFiles(w)
  const owner = ownerOf(w.env, w.platform)
  refuseHalves(files, w)
  if (files.caCert === undefined) {
    const ca = await createCa({ owner, now: w.now() })
    await writePair(w, IN_STORE.caCert, IN_STORE.caKey, ca)
    Object.assign(files, { caCert: ca.certPem, caKey: ca.keyPem })
  }
  if (files.clientCert === undefined) {
    const ca = { certPem: files.caCert ?? '', keyPem: files.caKey ?? '' }
    const client = await issueClientCert({ ca, owner, now: w.now() })
    await writePair(w, IN_STORE.clientCert, IN_STORE.clientKey, client)
    Object.assign(files, { clientCert: client.certPem, clientKey: client.keyPem })
  }
  return checked(files, w)
}

/**
 * A pair is there whole or can be made whole: the certificate lies beside as pending until its key has its name. Needs the
 * lock on the certificates.
 */
export async function writePair(w: World, cert: string, key: string, pair: KeyAndCert): Promise<void> {
  await w.store.writeFile(['certs', `${cert}.pending`], pair.certPem, 0o644)
  w.point(`${cert} pending`)
  await w.store.writeFile(['certs', key], pair.keyPem, 0o600)
  w.point(`${key} written`)
  await finishPair(w, cert, key)
}

/**
 * Gives a pending certificate its name if its key is there and is its own, over one that the key no longer belongs to (a
 * renewal was cut short); any other is overwritten one day.
 */
async function finishPair(w: World, cert: string, key: string): Promise<void> {
  const certPem = await w.store.readFile(['certs', `${cert}.pending`])
  const keyPem = await w.store.readFile(['certs', key])
  if (certPem === undefined || keyPem === undefined) return
  const there = await w.store.readFile(['certs', cert])
  if (there !== undefined && belongTogether(there, keyPem)) return
  if (pairProblem({ certPem, keyPem, now: w.now() }) === undefined)
    await w.store.renameFile(['certs', `${cert}.pending`], ['certs', cert])
}

/** A key that is not its certificate's, whose own lies pending. */
async function halfRenewed(f: Files, w: World): Promise<boolean> {
  if (Object.keys(w.tlsPaths).length > 0) return false
  const pending = async (certPem = '', keyPem: string | undefined, file: string) =>
    keyPem !== undefined &&
    !belongTogether(certPem, keyPem) &&
    (await w.store.readFile(['certs', `${file}.pending`])) !== undefined
  return (
    (await pending(f.clientCert, f.clientKey, IN_STORE.clientCert)) ||
    (await pending(f.caCert, f.caKey, IN_STORE.caCert))
  )
}

/** What a client needs to speak to an engine; reads only. For a machine of another CA `w` is what `worldFor` made. */
export async function clientMaterial(w: World): Promise<{ ca: string; cert: string; key: string }> {
  const { caCert, clientCert, clientKey } = await readFiles(w)
  if (caCert === undefined || clientCert === undefined || clientKey === undefined)
    throw new MachineError('NO_CERTS', `there is no CA or client certificate in ${folderOf(w)}`)
  return { ca: caCert, cert: clientCert, key: clientKey }
}

/** certs/{ca,cert,key}.pem → machines/NAME/: DOCKER_CERT_PATH names the machine's own folder. */
export async function copyClientMaterial(w: World, name: string): Promise<void> {
  const { ca, cert, key } = await clientMaterial(w)
  for (const [file, content, mode] of [
    ['ca.pem', ca, 0o644],
    ['cert.pem', cert, 0o644],
    ['key.pem', key, 0o600],
  ] as const)
    if ((await w.store.readFile(['machines', name, file])) !== content)
      await w.store.writeFile(['machines', name, file], content, mode)
  await followContexts(name, w) // docker copies client files into its contexts
}

/** A copy of what the machine's engine shows: the certificate alone, without those it is shown with. */
export async function keepServerCert(w: World, name: string, certPem: string): Promise<void> {
  const [leaf = certPem] = certPem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/) ?? []
  await w.store.writeFile(['machines', name, 'server.pem'], leaf, 0o644)
}

/** All of them, as they are; undefined for one that is not there. */
export async function readFiles(w: World): Promise<Files> {
  const read = async (which: keyof typeof IN_STORE) => {
    const path = w.tlsPaths[which]
    if (path === undefined) return await w.store.readFile(['certs', IN_STORE[which]])
    return await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new MachineError('CERT_UNREADABLE', `cannot read ${path} (${cause.code})`, { cause })
    })
  }
  const [caCert, caKey, clientCert, clientKey, caCross] = await Promise.all([
    read('caCert'),
    read('caKey'),
    read('clientCert'),
    read('clientKey'),
    w.tlsPaths.caCert === undefined ? w.store.readFile(CROSS) : undefined,
  ])
  return { caCert, caKey, clientCert, clientKey, caCross }
}

/** Where the files are looked for, for texts. */
function folderOf(w: World): string {
  return w.tlsPaths.caCert === undefined ? w.store.filePath(['certs']) : dirname(w.tlsPaths.caCert)
}

function complete(f: Files): boolean {
  return f.caCert !== undefined && f.clientCert !== undefined && f.clientKey !== undefined
}

/** A crash between a key and its certificate leaves the key alone; a certificate alone is a loss nobody can mend here. */
function refuseHalves(f: Files, w: World): void {
  const folder = w.store.filePath(['certs'])
  if (f.caCert === undefined && f.caKey !== undefined)
    throw new MachineError(
      'CA_HALF',
      `certificate authority key already exists in ${folder}, but its ca.pem is missing`,
      {
        hints: ['put ca.pem back from a backup, or move ca-key.pem away to begin with a new CA'],
      },
    )
  if (f.caCert === undefined && f.clientCert !== undefined)
    throw new MachineError('CA_HALF', `${folder} has a client certificate, but no CA`, {
      hints: ['put ca.pem and ca-key.pem back from a backup, or move cert.pem and key.pem away to begin with a new CA'],
    })
  if (f.clientCert === undefined && f.clientKey !== undefined)
    throw new MachineError('CLIENT_HALF', `client key already exists in ${folder}, but its cert.pem is missing`, {
      hints: ['put cert.pem back from a backup, or move key.pem away to have both made anew'],
    })
  if (f.clientCert !== undefined && f.clientKey === undefined)
    throw new MachineError('CLIENT_HALF', `${folder} has cert.pem, but its key.pem is missing`, {
      hints: ['put key.pem back from a backup, or move cert.pem away to have both made anew'],
    })
  if (f.clientCert === undefined && f.caCert !== undefined && f.caKey === undefined) throw noCaKey(w)
}

function incomplete(f: Files, w: World): MachineError {
  const needed = ['caCert', 'clientCert', 'clientKey'] as const
  const missing = needed.filter(which => f[which] === undefined)
  const flags = { caCert: '--tls-ca-cert', clientCert: '--tls-client-cert', clientKey: '--tls-client-key' }
  return new MachineError(
    'NO_CERTS',
    `${w.store.filePath(['certs'])} has no ${missing.map(which => IN_STORE[which]).join(', no ')}, and beside certificates named by --tls-… flags none are made`,
    { hints: [`name it with ${missing.map(which => flags[which]).join(', ')}`] },
  )
}

function checked(f: Files, w: World): Authority {
  const { caCert = '', clientCert = '', clientKey = '' } = f
  const now = w.now()
  const problem =
    (f.caKey === undefined
      ? undefined
      : wrong('the CA certificate', pairProblem({ certPem: caCert, keyPem: f.caKey, now }))) ??
    wrong('the client certificate', pairProblem({ certPem: clientCert, keyPem: clientKey, caPem: caCert, now }))
  if (problem?.includes('expired'))
    throw new MachineError('EXPIRED', `${problem} (${folderOf(w)})`, {
      hints: [`${w.program} regenerate-certs --client-certs NAME… makes new ones, for the machines named`],
    })
  if (problem)
    throw new MachineError('CERTS_UNUSABLE', `${problem} (${folderOf(w)})`, {
      hints: [
        'put the right files back from a backup; or move them all away to begin with new ones, then provision every machine',
      ],
    })
  return {
    caPem: caCert,
    clientCertPem: clientCert,
    clientKeyPem: clientKey,
    crossPem: f.caCross ?? '',
    caKeyPem: () => {
      if (f.caKey !== undefined) return f.caKey
      throw noCaKey(w)
    },
  }
}

function wrong(what: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${what} ${problem}`
}

export function noCaKey(w: World): MachineError {
  return new MachineError('CA_KEY', `${join(folderOf(w), 'ca-key.pem')} is missing, so no certificate can be issued`, {
    hints: ['put it back from a backup', 'or name it with --tls-ca-key'],
  })
}
