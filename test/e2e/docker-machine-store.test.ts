/** A store of docker-machine's, of every version of its records: listed, used against a real sshd and TLS, and removed. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { addOldMachine, makeOldStore, type OldStore } from '../kit/docker-machine.ts'
import { dockerMachineServer } from '../kit/openssl.ts'
import { type Sshd, startSshd } from '../kit/sshd.ts'
import { engine, type Listening } from '../unit/engine/servers.ts'
import { type FixtureDriver, fixture, MACHINES, otherFixture, VERSIONS } from '../unit/machine/fixtures.ts'
import { expectStrictRecord } from '../unit/machine/strict-record.ts'

jest.setTimeout(60_000)
let home: Home
let store: OldStore
let sshd: Sshd
let server: Listening

beforeAll(async () => {
  home = await startHome()
  store = makeOldStore(home.store)
  sshd = await startSshd()
  const its = { ca: store.ca, client: store.client, server: dockerMachineServer(store.ca, 'gen', '127.0.0.1') }
  server = await engine(its, (_request, response) => response.end('{"Version":"28.5.2","ApiVersion":"1.51"}'))
})
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await sshd?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

const dir = (name: string) => join(store.path, 'machines', name)
const config = (name: string) => readFileSync(join(dir(name), 'config.json'), 'utf8')

/** Puts a record under `name`; it still says where docker-machine had its store. */
function put(name: string, text: string): void {
  mkdirSync(dir(name), { recursive: true })
  writeFileSync(join(dir(name), 'config.json'), text, { mode: 0o600 })
}

const remove = (...names: string[]) => home.ok('rm', '-f', ...names)
const rows = async () => JSON.parse(await home.ok('ls', '--json')) as Record<string, unknown>[]

describe.each(VERSIONS)('a generic machine of version %d', version => {
  const name = `g${version}`
  beforeAll(() => {
    const machine = { name, address: '127.0.0.1', sshUser: sshd.user, keyPath: sshd.keyPath }
    addOldMachine(store, machine) // its certificates and its key
    const record = JSON.parse(fixture(version, 'generic').replaceAll('machines/gen', `machines/${name}`))
    Object.assign(record.Driver, {
      IPAddress: '127.0.0.1',
      MachineName: name,
      SSHUser: sshd.user,
      SSHPort: sshd.port,
      SSHKeyPath: `/home/a/.docker/machine/machines/${name}/id`,
      EnginePort: server.port,
    })
    put(name, JSON.stringify(record))
  })

  test('is listed with its engine', async () => {
    const row = (await rows()).find(r => r.name === name)
    expect(row).toMatchObject({ driver: 'generic', state: 'Running', url: server.url, docker: 'v28.5.2', error: '' })
  })

  test('is used: ip, url, status, env, config, version', async () => {
    expect(await home.ok('ip', name)).toBe('127.0.0.1\n')
    expect(await home.ok('url', name)).toBe(`${server.url}\n`)
    expect(await home.ok('status', name)).toBe('Running\n')
    expect(await home.ok('version', name)).toBe('28.5.2\n')
    expect(await home.ok('env', '--shell', 'sh', name)).toContain(
      `export DOCKER_HOST="${server.url}"\nexport DOCKER_CERT_PATH="${dir(name)}"\n`,
    )
    expect(await home.ok('config', name)).toBe(
      `--tlsverify\n--tlscacert=${dir(name)}/ca.pem\n--tlscert=${dir(name)}/cert.pem\n--tlskey=${dir(name)}/key.pem\n-H=${server.url}\n`,
    )
  })

  test('ssh logs in; its key of docker-machine’s, its exit code', async () => {
    expect(await home.cli('ssh', name, 'echo in; exit 7')).toMatchObject({ code: 7, stdout: 'in\n' })
  })

  test('--native-ssh and MACHINE_NATIVE_SSH use the built-in client: no ssh program is run', async () => {
    const PATH = '/nonexistent'
    expect(await home.cliWith({ env: { PATH } }, '--native-ssh', 'ssh', name, 'echo built in')).toMatchObject({
      code: 0,
      stdout: 'built in\n',
    })
    const fake = join(home.path, 'fake')
    mkdirSync(fake, { recursive: true })
    writeFileSync(join(fake, 'ssh'), '#!/bin/sh\necho the system’s\n', { mode: 0o755 })
    const ssh = async (MACHINE_NATIVE_SSH?: string) =>
      (
        await home.cliWith(
          { env: { PATH: `${fake}:${process.env.PATH}`, MACHINE_NATIVE_SSH } },
          'ssh',
          name,
          'echo built in',
        )
      ).stdout
    expect([await ssh(), await ssh('0'), await ssh('maybe'), await ssh('1'), await ssh('true')]).toEqual([
      ...Array(3).fill('the system’s\n'),
      ...Array(2).fill('built in\n'),
    ])
  })

  test('is written back in version 3 for a strict reader, its old bytes kept', () => {
    expectStrictRecord(config(name))
    expect(existsSync(join(dir(name), 'config.json.bak'))).toBe(version < 3)
  })

  test('is removed', async () => {
    expect(await home.cli('rm', '-y', name)).toMatchObject({ code: 0, stdout: '' })
    expect(existsSync(dir(name))).toBe(false)
  })
})

describe.each(VERSIONS)('a machine of none, of version %d', version => {
  test('is listed, used and removed', async () => {
    const url = 'tcp://203.0.113.8:2376'
    put('ext', fixture(version, 'none'))
    expect(await home.ok('url', 'ext')).toBe(`${url}\n`)
    expect(await home.ok('ip', 'ext')).toBe('203.0.113.8\n')
    expect(await home.ok('status', 'ext')).toBe('Running\n')
    expect(JSON.parse(await home.ok('env', '--json', 'ext'))).toMatchObject({ DOCKER_HOST: url })
    expectStrictRecord(config('ext'))
    await home.ok('rm', '-y', 'ext')
    expect(existsSync(dir('ext'))).toBe(false)
  })
})

describe('a driver that is not here', () => {
  const missing = 'Driver "rackspace" not found. Do you have the plugin binary accessible in your PATH?'
  const foreign = (version: number, driver: FixtureDriver) =>
    fixture(version, driver).replace(/("DriverName": )"\w+"/, '$1"rackspace"')
  const cases = VERSIONS.flatMap(v => (['amazonec2', 'virtualbox'] as const).map(driver => [v, driver] as const))

  test.each(cases)('version %d of %s: its row, its record, and nothing else', async (version, driver) => {
    const name = MACHINES[driver]
    put(name, foreign(version, driver))
    expect(await rows()).toMatchObject([
      { name, active: false, driver: 'not-found', state: 'Error', url: '', docker: 'Unknown', error: missing },
    ])
    expect(JSON.parse(await home.ok('inspect', name)).Driver.MachineName).toBe(name)
    expectStrictRecord(config(name))
    for (const verb of ['ip', 'url', 'status', 'env', 'config', 'start', 'stop', 'kill', 'restart', 'provision']) {
      const ran = await home.cli(verb, name)
      expect([verb, ran.code, ran.stdout, ran.stderr.split('\n')[0]]).toEqual([verb, 1, '', missing])
    }
    const removed = await home.cli('rm', '-y', name)
    expect(removed).toMatchObject({ code: 1, stdout: '' })
    expect(removed.stderr).toContain(`Error removing host "${name}": ${missing}\n`)
    expect(existsSync(dir(name))).toBe(true)
    const forced = await home.cli('rm', '-f', name)
    expect(forced).toMatchObject({ code: 0, stdout: '' })
    expect(forced.stderr).toContain(`Error removing host "${name}": ${missing}\n`)
    expect(existsSync(dir(name))).toBe(false)
  })

  test.each(['v3-rancher', 'v3-gitlab'])('a record of a fork (%s)', async name => {
    const text = otherFixture(name).replace('"amazonec2"', '"rackspace"')
    put('aws1', text)
    expect(await rows()).toMatchObject([{ name: 'aws1', driver: 'not-found', state: 'Error', error: missing }])
    expect((await home.ok('inspect', 'aws1')).trimEnd()).toBe(
      text.replaceAll('/home/a/.docker/machine', store.path).trimEnd(),
    )
    await remove('aws1')
  })
})

describe('records that cannot be read stay as they are', () => {
  const future =
    'config version of "bad" is from the future -- you should upgrade your Docker Machine client (it has 4, this program reads up to 3)'
  const cut = 'Error getting migrated host: unexpected end of JSON input'
  test.each([
    ['of the future', fixture(3, 'none').replace('"ConfigVersion": 3', '"ConfigVersion": 4'), future],
    ['cut off', fixture(3, 'none').slice(0, 300), cut],
    ['empty', '', cut],
  ])('%s', async (_, text, said) => {
    put('bad', text)
    expect(await rows()).toMatchObject([
      { name: 'bad', driver: 'not found', state: 'Error', url: '', docker: 'Unknown', error: said },
    ])
    for (const verb of ['inspect', 'env', 'start', 'provision', 'ssh']) {
      const ran = await home.cli(verb, 'bad')
      expect([verb, ran.code, ran.stdout, ran.stderr.split('\n')[0]]).toEqual([verb, 1, '', said])
    }
    const removed = await home.cli('rm', '-y', 'bad')
    expect([removed.code, removed.stderr]).toEqual([1, expect.stringContaining(`Error removing host "bad": ${said}\n`)])
    const again = await home.cli('create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', 'bad')
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('Docker machine "bad" already exists\n')])
    expect(config('bad')).toBe(text)
    await remove('bad')
    expect(existsSync(dir('bad'))).toBe(false)
  })
})

test('what create writes, a strict reader takes', async () => {
  await home.ok(
    'create',
    '-d',
    'none',
    '--url',
    'tcp://192.0.2.1:2376',
    '--swarm-master',
    '--engine-label',
    'a=b',
    'new',
  )
  expectStrictRecord(config('new'))
  const record = JSON.parse(config('new'))
  expect(record.Driver).toEqual({
    IPAddress: '192.0.2.1:2376',
    MachineName: 'new',
    SSHUser: '',
    SSHPort: 0,
    SSHKeyPath: '',
    StorePath: store.path,
    SwarmMaster: false,
    SwarmHost: '',
    SwarmDiscovery: '',
    URL: 'tcp://192.0.2.1:2376',
  })
  await remove('new')
})
