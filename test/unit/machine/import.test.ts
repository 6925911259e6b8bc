/** Machines of docker-machine's out of one store and into another; what a bundle may not say about its record. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { drivers } from '../../../drivers/index.ts'
import { issueClientCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { pack, unpack } from '../../../src/machine/bundle/tar.ts'
import { exportMachine } from '../../../src/machine/export.ts'
import { importMachine } from '../../../src/machine/import.ts'
import { loadRecord } from '../../../src/machine/load.ts'
import { worldFor } from '../../../src/machine/own-authority.ts'
import type { AuthOptions, MachineRecord } from '../../../src/machine/record.ts'
import type { World } from '../../../src/machine/world.ts'
import { Secret } from '../../../src/ssh/quote.ts'
import { dockerMachineCa, dockerMachineClient } from '../../kit/openssl.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { type FixtureDriver, fixture, MACHINES } from './fixtures.ts'
import { worldOf } from './world.ts'

const now = new Date()
const passphrase = async () => new Secret('x')
const PLAIN = { passphrase: undefined }
let ca: KeyAndCert
let client: KeyAndCert
beforeAll(() => {
  ca = dockerMachineCa()
  client = dockerMachineClient(ca)
})

let dir: TempDir
let from: World
let to: World
let said: string[]
beforeEach(() => {
  dir = makeTempDir()
  said = []
  const open = (name: string): World => ({
    ...worldOf(join(dir.path, name)),
    drivers,
    say: event => said.push(event.text),
  })
  from = open('from')
  to = open('to')
})
afterEach(() => dir[Symbol.dispose]())

/** A store as docker-machine leaves it, with one machine; `as` is what its driver is called. */
function dockerMachineStore(w: World, driver: FixtureDriver, version = 3, as: string = driver): string {
  const name = MACHINES[driver]
  const own = w.store.machineDir(name)
  mkdirSync(own, { recursive: true })
  mkdirSync(join(w.store.path, 'certs'))
  const files = { 'ca.pem': ca.certPem, 'cert.pem': client.certPem, 'key.pem': client.keyPem }
  for (const folder of [own, join(w.store.path, 'certs')])
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  writeFileSync(join(w.store.path, 'certs/ca-key.pem'), ca.keyPem)
  const record = fixture(version, driver).replace(`"DriverName": "${driver}"`, `"DriverName": "${as}"`)
  writeFileSync(join(own, 'config.json'), record)
  const key = /"SSHKeyPath": "\S+\/machines\/\w+\/(\w+)"/.exec(record)?.[1]
  if (key !== undefined) writeFileSync(join(own, key), 'SSH KEY')
  return name
}

const machines = (w: World) => readdirSync(join(w.store.path, 'machines'))

describe('a machine of docker-machine', () => {
  test.each([
    ['generic', 3, 'generic'],
    ['generic', 1, 'generic'],
    ['amazonec2', 3, 'amazonec2'],
    ['virtualbox', 2, 'virtualbox'],
    ['virtualbox', 2, 'rackspace'],
  ] as const)(
    '%s, version %d, under the name %s: its record and RSA files arrive, its key under id_rsa',
    async (driver, version, as) => {
      const name = dockerMachineStore(from, driver, version, as)
      const { bytes, files } = await exportMachine(name, from, PLAIN)
      expect(files).toEqual(
        expect.arrayContaining(['config.json', 'ca.pem', 'cert.pem', 'key.pem', 'ca-key.pem', 'id_rsa']),
      )
      const text = Buffer.from((await unpack(bytes)).get('config.json') ?? []).toString()
      expect(text).not.toMatch(/\/home\/a\//)
      expect(text).not.toContain(dir.path)

      expect(await importMachine(bytes, to, { passphrase })).toMatchObject({ name, kind: 'full', authority: 'own' })
      const own = to.store.machineDir(name)
      const record = await loadRecord(to.store, name)
      expect(record.Driver).toMatchObject({ StorePath: to.store.path, SSHKeyPath: join(own, 'id_rsa') })
      expect(record.HostOptions.AuthOptions).toMatchObject({
        StorePath: own,
        CaCertPath: join(own, 'certs/ca.pem'),
        CaPrivateKeyPath: join(own, 'certs/ca-key.pem'),
        ServerCertPath: join(own, 'server.pem'),
      })
      expect(readFileSync(join(own, 'certs/ca-key.pem'), 'utf8')).toBe(ca.keyPem)
      expect(readFileSync(join(own, 'id_rsa'), 'utf8')).toBe('SSH KEY')
      expect(statSync(join(own, 'id_rsa')).mode & 0o777).toBe(0o600)
      const { tlsPaths } = await worldFor(record, to)
      expect(Object.values(tlsPaths).map(path => path.replace(own, ''))).toEqual([
        '/certs/ca.pem',
        '/certs/cert.pem',
        '/certs/key.pem',
        '/certs/ca-key.pem',
      ])
      expect(said.some(text => text.includes('is not among those of this version'))).toBe(as === 'rackspace')
    },
  )

  test('into a store of the same CA: its record stays as docker-machine wrote it, and no second CA is kept', async () => {
    const name = dockerMachineStore(from, 'generic')
    const { bytes } = await exportMachine(name, from, PLAIN)
    dockerMachineStore(to, 'none')
    expect(await importMachine(bytes, to, { passphrase })).toMatchObject({ authority: 'store', caKey: true })
    expect(await loadRecord(to.store, name)).not.toHaveProperty('Machine')
    expect(readdirSync(to.store.machineDir(name)).sort()).toEqual([
      'ca.pem',
      'cert.pem',
      'config.json',
      'id_rsa',
      'key.pem',
    ])
  })

  test('into a store of the same CA without its key: the machine brings it', async () => {
    const name = dockerMachineStore(from, 'generic')
    const { bytes } = await exportMachine(name, from, PLAIN)
    dockerMachineStore(to, 'none')
    const only = await exportMachine(name, from, { ...PLAIN, withoutCaKey: true })
    expect(await importMachine(only.bytes, to, { passphrase, as: 'keyless' })).toMatchObject({ authority: 'store' })
    rmSync(join(to.store.path, 'certs/ca-key.pem'))
    expect(await importMachine(bytes, to, { passphrase })).toMatchObject({ authority: 'own', caKey: true })
  })

  test('client-only: where the engine is, and no word of how it was made', async () => {
    const name = dockerMachineStore(from, 'generic')
    const { bytes, files } = await exportMachine(name, from, { ...PLAIN, clientOnly: true })
    expect(files).toEqual(['bundle.json', 'config.json', 'ca.pem', 'cert.pem', 'key.pem'])
    const text = Buffer.from((await unpack(bytes)).get('config.json') ?? []).toString()
    expect(text).not.toMatch(/ubuntu|mykey|generic/)
    await importMachine(bytes, to, { passphrase, as: 'guest' })
    const record = await loadRecord(to.store, 'guest')
    expect([record.DriverName, record.Driver.URL, record.Machine?.Access]).toEqual([
      'none',
      'tcp://203.0.113.7:2376',
      'client',
    ])
  }, 30_000)

  test('client certificates that do not fit together are not exported', async () => {
    const name = dockerMachineStore(from, 'generic')
    const other = await issueClientCert({ ca, owner: 'someone', now })
    await from.store.writeFile(['machines', name, 'key.pem'], other.keyPem, 0o600)
    await expect(exportMachine(name, from, PLAIN)).rejects.toMatchObject({ code: 'CERTS_UNUSABLE' })
  })

  test('keys of the SSH agent, and ways of ~/.ssh/config, are said to stay behind', async () => {
    const name = dockerMachineStore(from, 'generic')
    const record = JSON.parse(fixture(3, 'generic'))
    Object.assign(record.Driver, { SSHKeyPath: '', SSHKey: '' })
    await from.store.writeText(name, JSON.stringify(record))
    expect((await exportMachine(name, from, PLAIN)).files).not.toContain('id_rsa')
    expect(said.join()).toContain("is logged in to with keys of your SSH agent's")
    record.Driver.SSHAlias = 'bastion-web'
    await from.store.writeText(name, JSON.stringify(record))
    await exportMachine(name, from, PLAIN)
    expect(said.join()).toContain('is reached through "bastion-web" of your ~/.ssh/config')
  })
})

describe('a bundle that lies', () => {
  /** A bundle with some of its files changed; undefined takes one out. */
  async function forged(changes: Record<string, string | undefined>): Promise<Uint8Array> {
    const name = dockerMachineStore(from, 'generic')
    const files = new Map(await unpack((await exportMachine(name, from, PLAIN)).bytes))
    for (const [file, text] of Object.entries(changes))
      if (text === undefined) files.delete(file)
      else files.set(file, Buffer.from(text))
    return await pack(files, now)
  }
  const record = (change: (record: MachineRecord) => void) => {
    const value: MachineRecord = JSON.parse(fixture(3, 'generic'))
    change(value)
    return JSON.stringify(value)
  }
  const taken = async (bytes: Uint8Array) => {
    await importMachine(bytes, to, { passphrase })
    return await loadRecord(to.store, 'gen')
  }

  test('paths in its record count for nothing', async () => {
    const bytes = await forged({
      'config.json': record(r => {
        r.Driver.SSHKeyPath = '/root/.ssh/id_rsa'
        r.Driver.StorePath = '/etc'
        const elsewhere = { CaPrivateKeyPath: '/root/ca-key.pem', ClientKeyPath: '/root/key.pem' }
        Object.assign(r.HostOptions.AuthOptions as AuthOptions, elsewhere)
        r.Name = '../../etc'
      }),
    })
    const its = await taken(bytes)
    expect(JSON.stringify(its)).not.toMatch(/"\/(root|etc)/)
    expect([its.Name, its.Driver.SSHKeyPath]).toEqual(['gen', join(to.store.machineDir('gen'), 'id_rsa')])
  })

  test('that it is of this store’s CA, or that it can be managed, is decided here', async () => {
    const bytes = await forged({
      'bundle.json': JSON.stringify({ format: 'machine-bundle', version: 1, kind: 'full', name: 'gen', created: '' }),
      'config.json': record(r => {
        r.Machine = { Phase: 'ready', Authority: 'own', Access: 'client', HostName: 'kept' }
      }),
    })
    expect((await taken(bytes)).Machine).toEqual({ Phase: 'ready', Authority: 'own', HostName: 'kept' })
  })

  const client = JSON.stringify({ format: 'machine-bundle', version: 1, kind: 'client', name: 'gen', created: '' })
  const named = (name: string) =>
    JSON.stringify({ format: 'machine-bundle', version: 1, kind: 'full', name, created: '' })
  test.each([
    ['no record', { 'config.json': '{"a": 1}' }, 'its config.json is no record of a machine'],
    ['half of the certificates', { 'key.pem': undefined }, 'of ca.pem, cert.pem and key.pem it has only some'],
    ['text for a certificate', { 'cert.pem': 'hello' }, 'its client certificate '],
    ['another CA’s key', { 'ca-key.pem': 'hello' }, 'its CA certificate '],
    [
      'a host under the name of a client',
      { 'bundle.json': client, 'ca-key.pem': undefined, id_rsa: undefined },
      'its record is not that of a client-only one',
    ],
    ['a later record', { 'config.json': '{"ConfigVersion": 4}' }, 'is from the future'],
    ['a name that leads out', { 'bundle.json': named('../x') }, 'Invalid hostname specified'],
    ['a hidden name', { 'bundle.json': named('.x') }, 'Invalid hostname specified'],
  ])('%s is refused, and nothing is made', async (_, changes, says) => {
    await expect(importMachine(await forged(changes), to, { passphrase })).rejects.toThrow(says)
    await to.store.ensure()
    expect([machines(to), readdirSync(join(to.store.path, 'locks'))]).toEqual([[], []])
  })

  test('a certificate that has run out is told, and taken', async () => {
    const long = new Date(Date.now() - 3 * 365 * 86_400_000)
    const old = await issueClientCert({ ca, owner: 'someone', now: long, days: 1 })
    await taken(await forged({ 'cert.pem': old.certPem, 'key.pem': old.keyPem }))
    expect(said.join()).toMatch(/the client certificate in the bundle expired on /)
  })
})

test('what a process that died left of an import is cleared by the next one', async () => {
  const name = dockerMachineStore(from, 'generic')
  const { bytes } = await exportMachine(name, from, PLAIN)
  await to.store.ensure()
  const half = join(to.store.path, 'machines', `.new-${name}-0123abcd`)
  mkdirSync(half)
  writeFileSync(join(half, 'id_rsa'), 'SSH KEY')
  await importMachine(bytes, to, { passphrase })
  expect(machines(to)).toEqual([name])
})
