import { X509Certificate } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createCa, issueClientCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { clientMaterial, copyClientMaterial, loadOrCreateCa } from '../../../src/machine/authority.ts'
import { dockerMachineCa, dockerMachineClient, verify } from '../../kit/openssl.ts'
import { runTogether, runTypeScript } from '../../kit/processes.ts'
import { mountSmallDisk } from '../../kit/small-disk.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

const maker = join(import.meta.dirname, 'maker.ts')
const FILES = ['ca-key.pem', 'ca.pem', 'cert.pem', 'key.pem']
const now = new Date()

let ca: KeyAndCert
let client: KeyAndCert
beforeAll(async () => {
  ca = await createCa({ owner: 'someone', now })
  client = await issueClientCert({ ca, owner: 'someone', now })
})

let dir: TempDir
let certs = ''
beforeEach(() => {
  dir = makeTempDir()
  certs = join(dir.path, 'certs')
})
afterEach(() => dir[Symbol.dispose]())

const read = (name: string) => readFileSync(join(certs, name), 'utf8')
const listing = () => Object.fromEntries(readdirSync(certs).map(name => [name, read(name)]))

/** Puts these files into certs/. */
function put(files: Record<string, string>): void {
  mkdirSync(certs, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(certs, name), text)
}

const whole = () => ({
  'ca.pem': ca.certPem,
  'ca-key.pem': ca.keyPem,
  'cert.pem': client.certPem,
  'key.pem': client.keyPem,
})

describe('an empty store', () => {
  test('gets a CA and a client certificate that openssl takes, with the modes of Docker Machine', async () => {
    const made = await loadOrCreateCa(worldOf(dir.path))
    expect(readdirSync(certs).sort()).toEqual(FILES)
    expect(FILES.map(name => (statSync(join(certs, name)).mode & 0o777).toString(8))).toEqual([
      '600',
      '644',
      '644',
      '600',
    ])
    expect([made.caPem, made.clientCertPem, made.clientKeyPem, made.caKeyPem()]).toEqual(
      ['ca.pem', 'cert.pem', 'key.pem', 'ca-key.pem'].map(read),
    )
    expect(verify(made.clientCertPem, made.caPem, { purpose: 'sslclient' })).toMatchObject({ ok: true })
  })

  test('ten processes at once agree on one', async () => {
    const ran = await runTogether(maker, 10, () => [dir.path])
    expect(ran.map(r => r.stderr)).toEqual(Array(10).fill(''))
    expect(new Set(ran.map(r => r.stdout))).toEqual(new Set([`${read('ca.pem')}${read('cert.pem')}\n`]))
    expect(readdirSync(certs).sort()).toEqual(FILES)
  }, 60_000)

  test.each([1, 2, 3, 4])('killed at point %d, the next call completes it', async point => {
    const log = join(dir.path, 'points')
    const env = { MACHINE_CRASH_LOG: log, MACHINE_CRASH_AT: String(point) }
    const ran = await runTypeScript(maker, [dir.path], env)
    expect(ran.signal).toBe('SIGKILL')
    const points = ['ca.pem pending', 'ca-key.pem written', 'cert.pem pending', 'key.pem written']
    expect(readFileSync(log, 'utf8').trim().split('\n')).toEqual(points.slice(0, point).map((p, i) => `${i + 1} ${p}`))
    const keys = Object.entries(listing()).filter(([name]) => name.endsWith('key.pem'))
    expect(keys.map(([name]) => name)).toEqual(['ca-key.pem', 'key.pem'].slice(0, Math.floor(point / 2)))

    const made = await loadOrCreateCa(worldOf(dir.path))
    expect(readdirSync(certs).sort()).toEqual(FILES)
    expect(verify(made.clientCertPem, made.caPem, { purpose: 'sslclient' })).toMatchObject({ ok: true })
    for (const [name, text] of keys) expect(read(name)).toBe(text) // a key that was written is never another
  })

  test('that cannot be written is said', async () => {
    using disk = mountSmallDisk(64)
    disk.makeReadOnly()
    await expect(loadOrCreateCa(worldOf(disk.path))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: `cannot write ${join(disk.path, 'certs')}: the file system is read-only`,
    })
  })
})

describe("a store of Docker Machine's", () => {
  test('RSA CA and client pair are used as they are', async () => {
    const old = dockerMachineCa()
    const its = dockerMachineClient(old)
    const files = { 'ca.pem': old.certPem, 'ca-key.pem': old.keyPem, 'cert.pem': its.certPem, 'key.pem': its.keyPem }
    put(files)
    const authority = await loadOrCreateCa(worldOf(dir.path))
    expect([authority.caPem, authority.clientCertPem, authority.clientKeyPem]).toEqual([
      old.certPem,
      its.certPem,
      its.keyPem,
    ])
    expect(listing()).toEqual(files)
    expect(new X509Certificate(authority.clientCertPem).subject).toBe('O=someone.\\<bootstrap\\>')
  })

  test('with a CA alone, its RSA key signs a new client certificate', async () => {
    const old = dockerMachineCa()
    put({ 'ca.pem': old.certPem, 'ca-key.pem': old.keyPem })
    const authority = await loadOrCreateCa(worldOf(dir.path))
    expect(authority.caPem).toBe(old.certPem)
    expect(verify(authority.clientCertPem, old.certPem, { purpose: 'sslclient', strict: false }).ok).toBe(true)
  })
})

describe('a store that only uses machines', () => {
  test('needs no CA key until something is to be signed', async () => {
    const { 'ca-key.pem': _, ...others } = whole()
    put(others)
    const authority = await loadOrCreateCa(worldOf(dir.path))
    expect(authority.clientCertPem).toBe(client.certPem)
    expect(() => authority.caKeyPem()).toThrow(
      expect.objectContaining({
        code: 'CA_KEY',
        message: `${join(certs, 'ca-key.pem')} is missing, so no certificate can be issued`,
      }),
    )
  })

  test('is used where it cannot be written', async () => {
    using disk = mountSmallDisk(256)
    await loadOrCreateCa(worldOf(disk.path))
    disk.makeReadOnly()
    expect((await loadOrCreateCa(worldOf(disk.path))).caPem).toContain('BEGIN CERTIFICATE')
  })
})

describe('during a change of CAs', () => {
  test('a bundle works, whichever of the two comes first', async () => {
    const next = await createCa({ owner: 'someone', now })
    for (const bundle of [ca.certPem + next.certPem, next.certPem + ca.certPem]) {
      put({ ...whole(), 'ca.pem': bundle })
      expect((await loadOrCreateCa(worldOf(dir.path))).caPem).toBe(bundle)
      put({ ...whole(), 'ca.pem': bundle, 'ca-key.pem': next.keyPem })
      expect((await loadOrCreateCa(worldOf(dir.path))).caKeyPem()).toBe(next.keyPem)
    }
  })
})

describe("files of the person's own (--tls-ca-cert and its siblings)", () => {
  const own = () => {
    put(whole())
    const at = (name: string) => join(certs, name)
    return { caCert: at('ca.pem'), caKey: at('ca-key.pem'), clientCert: at('cert.pem'), clientKey: at('key.pem') }
  }

  test('are read, and the store is left alone', async () => {
    const store = join(dir.path, 'store')
    const authority = await loadOrCreateCa(worldOf(store, { tlsPaths: own() }))
    expect([authority.caPem, authority.caKeyPem()]).toEqual([ca.certPem, ca.keyPem])
    expect(readdirSync(dir.path)).toEqual(['certs'])
  })

  test('one that is not there is named', async () => {
    const tlsPaths = { ...own(), caCert: '/nonexistent/ca.pem' }
    await expect(loadOrCreateCa(worldOf(dir.path, { tlsPaths }))).rejects.toMatchObject({
      code: 'CERT_UNREADABLE',
      message: 'cannot read /nonexistent/ca.pem (ENOENT)',
    })
  })

  test('nothing is made beside them: what is missing is named with its flag', async () => {
    const { caCert, caKey } = own()
    const store = join(dir.path, 'store')
    await expect(loadOrCreateCa(worldOf(store, { tlsPaths: { caCert, caKey } }))).rejects.toMatchObject({
      code: 'NO_CERTS',
      message: `${join(store, 'certs')} has no cert.pem, no key.pem, and beside certificates named by --tls-… flags none are made`,
      suggestions: ['name it with --tls-client-cert, --tls-client-key'],
    })
  })
})

describe("a machine's own copies", () => {
  test('are made with their modes, and written again only when they differ', async () => {
    const w = worldOf(dir.path)
    put(whole())
    await w.store.createMachineDir('dev', '{}')
    await copyClientMaterial(w, 'dev')
    const at = (name: string) => join(w.store.machineDir('dev'), name)
    const names = ['ca.pem', 'cert.pem', 'key.pem']
    expect(names.map(name => readFileSync(at(name), 'utf8'))).toEqual(Object.values(await clientMaterial(w)))
    expect(names.map(name => (statSync(at(name)).mode & 0o777).toString(8))).toEqual(['644', '644', '600'])
    const before = names.map(name => statSync(at(name)).ino)
    await copyClientMaterial(w, 'dev')
    expect(names.map(name => statSync(at(name)).ino)).toEqual(before)
    const next = await issueClientCert({ ca, owner: 'someone', now })
    put({ 'cert.pem': next.certPem })
    await copyClientMaterial(w, 'dev')
    expect(readFileSync(at('cert.pem'), 'utf8')).toBe(next.certPem)
  })

  test('cannot be made of nothing', async () => {
    await expect(clientMaterial(worldOf(dir.path))).rejects.toMatchObject({
      code: 'NO_CERTS',
      message: `there is no CA or client certificate in ${certs}`,
    })
  })
})
