import { describe, expect, test } from '@jest/globals'
import { type AnyDriver, defineDriver, type FlagSpec } from '../../drivers/driver.ts'
import { drivers } from '../../drivers/index.ts'
import { enginePortOf, flagName, flagNames, readConfig, typedSecrets } from '../../src/driver-config.ts'
import { driverNameOf, oclifFlags } from '../../src/driver-flags.ts'

const idle: Omit<AnyDriver, 'name' | 'flags' | 'create'> = {
  summary: 'for tests',
  automatic: false,
  provisions: true,
  keys: 'own',
  usable: async () => ({ usable: true, missing: [] }),
  preflight: async () => {},
  inspect: async () => ({ status: '' }),
  remove: async () => {},
}

const cloud = defineDriver({
  ...idle,
  name: 'cloud',
  flags: {
    instanceType: { type: 'string', help: 'type', env: 'CLOUD_TYPE', default: 'small', options: ['small', 'large'] },
    rootSize: { type: 'int', help: 'size (GB)', env: 'CLOUD_SIZE' },
    zone: { type: 'list', help: 'zones', env: 'CLOUD_ZONES' },
    spot: { type: 'bool', help: 'spot', env: 'CLOUD_SPOT' },
    token: { type: 'string', help: 'token', env: 'CLOUD_TOKEN', required: true },
    disk: {
      type: 'string',
      help: 'disk',
      aliases: ['cloud-volume', 'cloud-drive'],
      env: 'CLOUD_DISK',
      envAliases: ['CLOUD_VOLUME'],
    },
    label: { type: 'list', help: 'labels', aliases: ['cloud-tag'] },
    accessKey: { type: 'string', help: 'key', env: 'CLOUD_KEY', secret: true, aliases: ['cloud-key'] },
    enginePort: { type: 'int', help: 'port', env: 'CLOUD_PORT', sameAs: 'engine-port' },
  },
  create: async () => ({}),
}) as AnyDriver
const bare = defineDriver({
  ...idle,
  name: 'bare',
  flags: { url: { type: 'string', help: 'url', flag: 'url' } },
  create: async () => ({}),
}) as AnyDriver
const all = [cloud, bare]

test('names', () => {
  expect(flagName(cloud, 'instanceType', { type: 'string', help: '' })).toBe('cloud-instance-type')
  expect(flagName(bare, 'url', { type: 'string', help: '', flag: 'url' })).toBe('url')
  expect(Object.keys(oclifFlags(all, 'cloud'))).toContain('cloud-root-size')
})

test("help shows the named driver's flags and no other's", () => {
  const flags = oclifFlags(all, 'bare') as Record<string, { hidden?: boolean }>
  expect(flags.url?.hidden).toBe(false)
  expect(flags['cloud-zone']?.hidden).toBe(true)
})

describe('the driver a command line names', () => {
  test.each([
    [['create', '-d', 'cloud', 'x'], 'cloud'],
    [['create', '--driver=cloud'], 'cloud'],
    [['create', '-dcloud'], 'cloud'],
    [['create', '--', '-d', 'cloud'], 'fromenv'],
    [['create', 'x'], 'fromenv'],
  ])('%j', (argv, name) => expect(driverNameOf(argv, { MACHINE_DRIVER: 'fromenv' })).toBe(name))
})

describe('settings', () => {
  const read = (typed: Record<string, unknown>, env = {}) =>
    readConfig(cloud, { 'cloud-token': 't', ...typed }, env, all)
  test('flag before variable before default', () => {
    expect(read({}).instanceType).toBe('small')
    expect(read({}, { CLOUD_TYPE: 'large' }).instanceType).toBe('large')
    expect(read({ 'cloud-instance-type': 'small' }, { CLOUD_TYPE: 'large' }).instanceType).toBe('small')
  })
  test('types', () =>
    expect(read({}, { CLOUD_SIZE: '16', CLOUD_ZONES: 'a, b', CLOUD_SPOT: 'true' })).toEqual({
      instanceType: 'small',
      rootSize: 16,
      zone: ['a', 'b'],
      spot: true,
      token: 't',
    }))
  test('a list and its variable add up; a switch’s variable that says neither counts for nothing', () => {
    expect(read({ 'cloud-zone': ['c'] }, { CLOUD_ZONES: 'a,b' }).zone).toEqual(['a', 'b', 'c'])
    expect(read({ 'cloud-zone': ['c'] }).zone).toEqual(['c'])
    expect(read({}, { CLOUD_SPOT: 'yes' }).spot).toBeUndefined()
    expect(read({}, { CLOUD_SPOT: 'F' }).spot).toBe(false)
  })
  test('numbers in any notation of Go, and none that is no number, in a variable too', () => {
    expect(read({ 'cloud-root-size': '0x10' }).rootSize).toBe(16)
    expect(() => read({}, { CLOUD_SIZE: 'big' })).toThrow('--cloud-root-size wants a whole number, not "big"')
  })
  test('a number that is none', () =>
    expect(() => read({ 'cloud-root-size': '16GB' })).toThrow('--cloud-root-size wants a whole number, not "16GB"'))
  test('a value not allowed', () =>
    expect(() => read({ 'cloud-instance-type': 'huge' })).toThrow('--cloud-instance-type cannot be "huge"'))
  test('a missing required flag names flag and variable', () =>
    expect(() => readConfig(cloud, {}, {}, all)).toThrow('driver cloud requires --cloud-token'))
  test("another driver's flag is refused by name", () =>
    expect(() => read({ url: 'tcp://x' })).toThrow(
      "--url is a flag of driver bare, and this machine's driver is cloud",
    ))
})

describe('other names of a flag', () => {
  const read = (typed: Record<string, unknown>, env = {}) =>
    readConfig(cloud, { 'cloud-token': 't', ...typed }, env, all)
  test('any of them sets it, and the same value twice is fine', () => {
    expect(read({ 'cloud-volume': 'ssd' }).disk).toBe('ssd')
    expect(read({ 'cloud-volume': 'ssd', 'cloud-disk': 'ssd' }).disk).toBe('ssd')
    expect(read({ 'cloud-label': ['a'], 'cloud-tag': ['b'] }).label).toEqual(['a', 'b'])
  })
  test('two that contradict each other are refused by the names that were typed', () =>
    expect(() => read({ 'cloud-volume': 'ssd', 'cloud-drive': 'tape' })).toThrow(
      '--cloud-volume ssd and --cloud-drive tape are one setting with two values',
    ))
  test('of several variables the first that is set counts', () => {
    expect(read({}, { CLOUD_VOLUME: 'ssd' }).disk).toBe('ssd')
    expect(read({}, { CLOUD_VOLUME: 'ssd', CLOUD_DISK: 'tape' }).disk).toBe('tape')
    expect(read({}, { CLOUD_VOLUME: 'ssd', CLOUD_DISK: '' }).disk).toBe('ssd')
  })
  test("another driver's are refused too", () =>
    expect(() => readConfig(bare, { 'cloud-drive': 'x' }, {}, all)).toThrow('--cloud-drive is a flag of driver cloud'))
  test('they are parsed and never shown', () => {
    const flags = oclifFlags(all, 'cloud') as Record<string, { hidden?: boolean; description?: string }>
    expect(flags['cloud-disk']).toMatchObject({ hidden: false, description: 'disk (env CLOUD_DISK or CLOUD_VOLUME)' })
    expect(flags['cloud-volume']?.hidden).toBe(true)
  })
})

describe('secrets', () => {
  const typed = { 'cloud-token': 't', 'cloud-access-key': 'CANARY' }
  test('are no part of the settings, wherever they come from', () => {
    expect(JSON.stringify(readConfig(cloud, typed, { CLOUD_KEY: 'CANARY' }, all))).not.toContain('CANARY')
    expect(readConfig(cloud, { 'cloud-token': 't', 'cloud-key': 'CANARY' }, {}, all)).not.toHaveProperty('accessKey')
  })
  test('what was typed goes where the variable would have been', () => {
    expect(typedSecrets(cloud, typed)).toEqual({ env: { CLOUD_KEY: 'CANARY' }, flags: ['--cloud-access-key'] })
    expect(typedSecrets(cloud, { 'cloud-key': 'CANARY' }).env).toEqual({ CLOUD_KEY: 'CANARY' })
    expect(typedSecrets(cloud, { 'cloud-access-key': '' })).toEqual({ env: {}, flags: [] })
  })
  test('are not repeated when two names contradict each other', () => {
    const read = () => typedSecrets(cloud, { 'cloud-access-key': 'CANARY1', 'cloud-key': 'CANARY2' })
    expect(read).toThrow('--cloud-access-key and --cloud-key are one setting with two values')
    expect(read).not.toThrow('CANARY')
  })
})

test.each(drivers.map(d => [d.name, d] as const))(
  'names and secrets of driver %s are such as core can keep',
  (_, driver) => {
    const specs = Object.entries(driver.flags as Record<string, FlagSpec>)
    const names = specs.flatMap(([key, spec]) => flagNames(driver, key, spec))
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
    for (const [, spec] of specs.filter(([, s]) => s.secret)) {
      expect(spec).toMatchObject({ type: 'string', env: expect.any(String) })
      expect(spec.default).toBeUndefined()
    }
  },
)

describe('the engine port', () => {
  test('either flag sets it', () => {
    expect(enginePortOf(cloud, 2375, {}, {})).toBe(2375)
    expect(enginePortOf(cloud, undefined, { 'cloud-engine-port': '2377' }, {})).toBe(2377)
    expect(enginePortOf(bare, undefined, {}, {})).toBeUndefined()
  })
  test('two values are refused', () =>
    expect(() => enginePortOf(cloud, 2375, { 'cloud-engine-port': '2377' }, {})).toThrow('one setting with two values'))
})
