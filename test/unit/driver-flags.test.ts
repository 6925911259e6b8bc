import { describe, expect, test } from '@jest/globals'
import { type AnyDriver, defineDriver } from '../../drivers/driver.ts'
import { enginePortOf, flagName, readConfig } from '../../src/driver-config.ts'
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

describe('the engine port', () => {
  test('either flag sets it', () => {
    expect(enginePortOf(cloud, 2375, {}, {})).toBe(2375)
    expect(enginePortOf(cloud, undefined, { 'cloud-engine-port': '2377' }, {})).toBe(2377)
    expect(enginePortOf(bare, undefined, {}, {})).toBeUndefined()
  })
  test('two values are refused', () =>
    expect(() => enginePortOf(cloud, 2375, { 'cloud-engine-port': '2377' }, {})).toThrow('one setting with two values'))
})
