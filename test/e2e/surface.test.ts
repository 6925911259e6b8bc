/** Every command and flag of docker-machine v0.16.2 is taken, with one dash and two, by both names of the program. */
import { readFileSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, type RunOptions, run, startHome } from '../kit/cli.ts'
import { GLOBAL, SURFACE, type SurfaceFlag } from './docker-machine-surface.ts'

jest.setTimeout(60_000)
const NAMES = ['machine', 'docker-machine'] as const
let home: Home
const links = () => join(home.path, 'bin')
beforeAll(async () => {
  home = await startHome()
  await mkdir(links())
  for (const name of NAMES) await symlink(join(import.meta.dirname, '../../bin/machine'), join(links(), name))
})
afterAll(() => home?.[Symbol.asyncDispose]())

const as = (name: string, words: readonly string[], options: RunOptions = {}) =>
  run(process.execPath, [join(links(), name), ...words], { ...options, env: { ...home.env, ...options.env } })

const typed = (dashes: string) => (flag: SurfaceFlag) => {
  const name = `${flag.flag.length === 1 ? '-' : dashes}${flag.flag}`
  return flag.value === undefined ? [name] : [name, flag.value]
}

/** Words only a parser says that does not know a flag, or what to do with it. */
const NOT_TAKEN = /Nonexistent flag|is not a (docker-)?machine command|expects|Parsing|this is a bug/

describe.each(NAMES)('%s', name => {
  describe.each(['-', '--'])('with %s before long names', dashes => {
    const missing = `Docker machine "nope" does not exist. Use "${name} ls" to list machines. Use "${name} create" to add a new one.`

    test.each(Object.entries(SURFACE))('%s takes its flags, before its names and behind', async (command, its) => {
      const flags = its.flags.flatMap(typed(dashes))
      const orders = [
        [command, ...flags, ...its.words],
        [command, ...its.words, ...flags],
      ]
      for (const words of flags.length > 0 && its.words.length > 0 && command !== 'create'
        ? orders
        : orders.slice(0, 1)) {
        const ran = await as(name, words)
        expect([words, ran.stderr]).toEqual([words, expect.not.stringMatching(NOT_TAKEN)])
        if (its.words.includes('nope') && command !== 'rm') expect(ran.stderr.split('\n')[0]).toBe(missing)
        else if (command === 'active') expect(ran.stderr).toMatch(/^No active host found\n/)
        else if (!command.startsWith('mount') && command !== 'scp') expect([words, ran.code]).toEqual([words, 0])
        if (command === 'create') await as(name, ['rm', '-f', 'made'])
      }
    })

    test('global flags are taken before the command and behind it', async () => {
      const flags = GLOBAL.flatMap(({ name: flag, value }) => typed(dashes)({ flag, ...(value ? { value } : {}) }))
      for (const words of [
        [...flags, 'ls', '-q'],
        ['ls', '-q', ...flags],
      ])
        expect([words, await as(name, words)]).toEqual([words, { code: 0, signal: null, stdout: '', stderr: '' }])
    })
  })

  test('variables of global flags are taken', async () => {
    const env = Object.fromEntries(GLOBAL.map(({ variable, value }) => [variable, value ?? 'true']))
    expect(await as(name, ['ls', '-q'], { env })).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })
})

describe('what create keeps', () => {
  const record = (machine: string) =>
    JSON.parse(readFileSync(join(home.store, 'machines', machine, 'config.json'), 'utf8'))
  const created = async (words: string[], env: Record<string, string> = {}) => {
    const ran = await as(
      'docker-machine',
      ['create', '-d', 'none', '--url', 'tcp://192.0.2.1:2376', ...words, 'made'],
      {
        env,
      },
    )
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    try {
      return record('made').HostOptions
    } finally {
      await as('docker-machine', ['rm', '-f', 'made'])
    }
  }
  const NOTHING = {
    ArbitraryFlags: [],
    Dns: null,
    GraphDir: '',
    Env: [],
    Ipv6: false,
    InsecureRegistry: [],
    Labels: [],
    LogLevel: '',
    StorageDriver: '',
    SelinuxEnabled: false,
    TlsVerify: true,
    RegistryMirror: [],
    InstallURL: 'https://get.docker.com',
  }
  const NO_SWARM = {
    IsSwarm: false,
    Address: '',
    Discovery: '',
    Agent: false,
    Master: false,
    Host: 'tcp://0.0.0.0:3376',
    Image: 'swarm:latest',
    Strategy: 'spread',
    Heartbeat: 0,
    Overcommit: 0,
    ArbitraryFlags: [],
    ArbitraryJoinFlags: [],
    Env: null,
    IsExperimental: false,
  }

  test('defaults', async () =>
    expect(await created([])).toMatchObject({ EngineOptions: NOTHING, SwarmOptions: NO_SWARM }))

  test('flags', async () => {
    const words = SURFACE.create?.flags.flatMap(typed('--')) ?? []
    const { EngineOptions, SwarmOptions, AuthOptions } = await created(words)
    expect(EngineOptions).toEqual({
      ...NOTHING,
      ArbitraryFlags: ['dns=8.8.8.8'],
      Env: ['A=b'],
      InsecureRegistry: ['reg:5000'],
      Labels: ['a=b'],
      StorageDriver: 'overlay2',
      RegistryMirror: ['https://m.example'],
      InstallURL: 'none',
    })
    expect(SwarmOptions).toEqual({
      ...NO_SWARM,
      IsSwarm: true,
      Address: '192.0.2.1',
      Discovery: 'token://x',
      Agent: true,
      Master: true,
      Host: 'tcp://0.0.0.0:3377',
      Image: 'swarm:1',
      Strategy: 'binpack',
      ArbitraryFlags: ['a=b'],
      ArbitraryJoinFlags: ['c=d'],
      IsExperimental: true,
    })
    expect(AuthOptions.ServerCertSANs).toEqual(['extra.example'])
  })

  test('variables; a list’s adds up with its flag', async () => {
    const env = {
      MACHINE_DOCKER_INSTALL_URL: 'https://install.example',
      ENGINE_REGISTRY_MIRROR: 'a,b',
      MACHINE_SWARM_IMAGE: 'swarm:2',
    }
    const { EngineOptions, SwarmOptions } = await created(['--engine-registry-mirror', 'c'], env)
    expect(EngineOptions).toMatchObject({ InstallURL: 'https://install.example', RegistryMirror: ['a', 'b', 'c'] })
    expect(SwarmOptions.Image).toBe('swarm:2')
    const flagged = await created(['--swarm-image', 'swarm:3', '--engine-install-url', 'none'], env)
    expect([flagged.EngineOptions.InstallURL, flagged.SwarmOptions.Image]).toEqual(['none', 'swarm:3'])
  })

  test('MACHINE_DRIVER names the driver', async () => {
    const made = await as('docker-machine', ['create', '--url', 'tcp://192.0.2.1:2376', 'made'], {
      env: { MACHINE_DRIVER: 'none' },
    })
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(record('made').DriverName).toBe('none')
    await as('docker-machine', ['rm', '-f', 'made'])
  })

  test('a swarm is said to come later, once', async () => {
    const made = await as('docker-machine', [
      'create',
      '-d',
      'none',
      '--url',
      'tcp://192.0.2.1:2376',
      '--swarm',
      'made',
    ])
    await as('docker-machine', ['rm', '-f', 'made'])
    expect(made.stdout.match(/setting up a swarm comes in a later version/g)).toHaveLength(1)
  })
})
