import { describe, expect, test } from '@jest/globals'
import { engineAsk } from '../../../src/machine/engine-settings.ts'
import { parseRecord } from '../../../src/machine/parse.ts'
import { newRecord, renderRecord } from '../../../src/machine/record.ts'
import { serverNames } from '../../../src/machine/server-names.ts'
import { ALL, DRIVERS, fixture, MACHINES, otherFixture, WRITTEN_IN } from './fixtures.ts'
import { expectStrictRecord } from './strict-record.ts'

const HERE = { storePath: '/srv/store', name: 'x' }
const at = (storePath: string, name: string) => ({ storePath, name })
const minimal = (changes: object) =>
  JSON.stringify({ ConfigVersion: 3, Driver: {}, DriverName: 'none', HostOptions: {}, Name: 'x', ...changes })

describe('a new record', () => {
  const record = newRecord({
    name: 'x',
    driverName: 'nspawn',
    storePath: '/srv/store',
    engine: { Labels: ['a=b'] },
    swarm: {},
    tlsSans: ['extra.example'],
    machine: { Phase: 'creating' },
  })

  test('is what a strict reader of version 3 takes, field by field', () => {
    const text = renderRecord(record)
    expectStrictRecord(text)
    expect(Object.keys(JSON.parse(text).Driver)).toEqual(Object.keys(JSON.parse(fixture(3, 'none')).Driver).slice(0, 9))
    expect(text).toMatch(/^\{\n {4}"ConfigVersion": 3,\n {4}"Driver": \{\n {8}"IPAddress": "",\n/)
    expect(text.endsWith('}')).toBe(true)
  })

  test('comes back from its text as it was', () => {
    expect(parseRecord(renderRecord(record), at('/srv/store', 'x'))).toEqual({ record })
  })

  test('does not share its lists with the next one', () => {
    record.HostOptions.EngineOptions?.Env.push('A=1')
    const ask = { name: 'y', driverName: 'none', storePath: '/s', engine: {}, swarm: {}, tlsSans: [] }
    const next = newRecord({ ...ask, machine: { Phase: 'ready' } })
    expect(next.HostOptions.EngineOptions?.Env).toEqual([])
  })
})

describe("Docker Machine's records", () => {
  test.each(DRIVERS)('version 3 of %s comes back byte for byte, big integers too', driver => {
    const text = fixture(3, driver)
    const parsed = parseRecord(text, at(WRITTEN_IN, MACHINES[driver]))
    expect(parsed.migratedFrom).toBeUndefined()
    expect(renderRecord(parsed.record)).toBe(text)
  })

  test.each(['rancher', 'gitlab'])('a record of the %s fork comes back byte for byte', fork => {
    const text = otherFixture(`v3-${fork}`)
    expect(renderRecord(parseRecord(text, at(WRITTEN_IN, 'aws1')).record)).toBe(text)
  })

  test('without option objects (a custom install script of Rancher) there is nothing to ask the engine for', () => {
    const { record } = parseRecord(otherFixture('v3-rancher'), at(WRITTEN_IN, 'aws1'))
    expect(engineAsk(record, 2376)).toEqual({
      opts: [],
      labels: [],
      env: [],
      insecureRegistries: [],
      registryMirrors: [],
      port: 2376,
      providerLabel: 'amazonec2',
    })
    expect(serverNames(record, '198.51.100.9')).toEqual(['198.51.100.9'])
  })

  test('the base64 copy of the driver that 0.5 kept is ignored and dropped', () => {
    const { record } = parseRecord(otherFixture('v1-rawdriver'), at(WRITTEN_IN, 'gen'))
    expect(record).toEqual(parseRecord(fixture(1, 'generic'), at(WRITTEN_IN, 'gen')).record)
    expectStrictRecord(renderRecord(record))
  })

  test.each(ALL)('version %d of %s is version 3 for a strict reader', (version, driver) => {
    const { record, migratedFrom } = parseRecord(fixture(version, driver), at(WRITTEN_IN, MACHINES[driver]))
    expect(migratedFrom).toBe(version === 3 ? undefined : version)
    expectStrictRecord(renderRecord(record))
  })

  test.each(ALL)('version %d of %s says the same as version 3', (version, driver) => {
    const place = at(WRITTEN_IN, MACHINES[driver])
    const old = parseRecord(fixture(version, driver), place).record
    const now = parseRecord(fixture(3, driver), place).record
    const sans = version === 3 ? ['extra.example'] : []
    expect(old.HostOptions.AuthOptions).toEqual({ ...now.HostOptions.AuthOptions, ServerCertSANs: sans })
    expect(old.Driver).toMatchObject(now.Driver)
    if (version > 0) expect(old.HostOptions.EngineOptions).toEqual(now.HostOptions.EngineOptions)
    expect([old.Name, old.DriverName]).toEqual([now.Name, driver])
  })

  test("version 0's swarm settings come along", () => {
    const { record } = parseRecord(fixture(0, 'amazonec2'), at(WRITTEN_IN, 'aws1'))
    expect(record.HostOptions.SwarmOptions).toMatchObject({
      IsSwarm: true,
      Master: true,
      Discovery: 'token://example',
      Host: 'tcp://0.0.0.0:3376',
    })
    expect(record.HostOptions.EngineOptions).toMatchObject({ TlsVerify: true, InstallURL: 'https://get.docker.com' })
  })

  test('fields nobody knows stay, where they were', () => {
    const text = JSON.stringify(
      {
        ConfigVersion: 3,
        Before: { deep: [1.5, null] },
        Driver: { Mine: 'x', StorePath: '/srv/store', Cost: 1.5 },
        DriverName: 'rancher-thing',
        HostOptions: { CustomInstallScript: 's', EngineOptions: null, SwarmOptions: null, AuthOptions: null },
        Name: 'x',
        After: true,
      },
      null,
      4,
    )
    expect(renderRecord(parseRecord(text, HERE).record)).toBe(text)
  })

  test.each([1, 2])('fields nobody knows survive the migration of version %d', version => {
    const raw = JSON.parse(fixture(version, 'generic'))
    raw.Extra = { a: 1 }
    raw.HostOptions.HostnameOverride = 'h'
    raw.HostOptions.AuthOptions.Further = 'f'
    const { record } = parseRecord(JSON.stringify(raw), at(WRITTEN_IN, 'gen'))
    expect(record).toMatchObject({
      Extra: { a: 1 },
      HostOptions: { HostnameOverride: 'h', AuthOptions: { Further: 'f' } },
    })
    expect(renderRecord(record)).not.toContain('"PrivateKeyPath"')
  })

  test('integers beyond 2^53 are written as they were read, others are numbers', () => {
    const { record } = parseRecord(
      minimal({}).replace('"Driver":{}', '"Driver":{"Id":-9223372036854775808,"N":7}'),
      HERE,
    )
    expect(renderRecord(record)).toContain('"Id": -9223372036854775808,')
    expect(record.Driver.N).toBe(7)
  })
})

describe('a store that was moved or copied', () => {
  test.each(ALL)('version %d of %s names its new place and nothing of the old one', (version, driver) => {
    const text = fixture(version, driver)
    const { record } = parseRecord(text, at('/srv/store', MACHINES[driver]))
    expect(renderRecord(record)).not.toContain(WRITTEN_IN)
    const key = JSON.parse(text).Driver.SSHKeyPath
    expect(record.Driver.SSHKeyPath).toBe(key.replace(WRITTEN_IN, '/srv/store'))
    expect(record.Driver.StorePath).toBe('/srv/store')
    expect(record.HostOptions.AuthOptions?.StorePath).toBe(`/srv/store/machines/${MACHINES[driver]}`)
  })

  test('paths outside of it stay', () => {
    const raw = JSON.parse(fixture(3, 'generic'))
    raw.Driver.Beside = `${WRITTEN_IN}-2/key`
    raw.HostOptions.AuthOptions.CaCertPath = '/etc/pki/ca.pem'
    const { record } = parseRecord(JSON.stringify(raw), at('/srv/store', 'gen'))
    expect(record.Driver).toMatchObject({ SSHKey: '/home/a/.ssh/mykey', Beside: `${WRITTEN_IN}-2/key` })
    expect(record.HostOptions.AuthOptions).toMatchObject({
      CaCertPath: '/etc/pki/ca.pem',
      ClientCertPath: '/srv/store/certs/cert.pem',
    })
  })

  test.each([1, 2])('paths outside of it stay in version %d too', version => {
    const raw = JSON.parse(fixture(version, 'generic'))
    raw.HostOptions.AuthOptions.CaCertPath = '/etc/pki/ca.pem'
    raw.HostOptions.AuthOptions[version === 1 ? 'PrivateKeyPath' : 'CaPrivateKeyPath'] = '/etc/pki/ca-key.pem'
    const { record } = parseRecord(JSON.stringify(raw), at('/srv/store', 'gen'))
    expect(record.HostOptions.AuthOptions).toMatchObject({
      CaCertPath: '/etc/pki/ca.pem',
      CaPrivateKeyPath: '/etc/pki/ca-key.pem',
    })
  })

  test('the relative StorePath that migrations of Docker Machine left does not matter', () => {
    const raw = JSON.parse(fixture(3, 'generic'))
    raw.Driver.StorePath = '.'
    const { record } = parseRecord(JSON.stringify(raw), at('/srv/store', 'gen'))
    expect(renderRecord(record)).not.toContain(WRITTEN_IN)
  })

  test('one from Windows comes along', () => {
    const windows = (path: string) => path.replaceAll('/', '\\\\')
    const text = fixture(3, 'amazonec2').replaceAll(/\/home\/a\/[^"]*/g, path => `C:${windows(path)}`)
    const { record } = parseRecord(text, at('/srv/store', 'aws1'))
    expect(record.Driver.SSHKeyPath).toBe('/srv/store/machines/aws1/id_rsa')
    expect(record.HostOptions.AuthOptions?.CaCertPath).toBe('/srv/store/certs/ca.pem')
  })

  test('paths deep in what a driver keeps are moved, numbers left', () => {
    const driver = `{"StorePath":"/old","Disks":[{"Path":"/old/machines/x/disk.vmdk","Id":12345678901234567890}]}`
    const { record } = parseRecord(minimal({}).replace('"Driver":{}', `"Driver":${driver}`), HERE)
    expect(JSON.stringify(record.Driver.Disks)).toBe(
      '[{"Path":"/srv/store/machines/x/disk.vmdk","Id":12345678901234567890}]',
    )
  })
})

describe('what is no record', () => {
  test.each([
    ['', 'unexpected end of JSON input'],
    ['  \n', 'unexpected end of JSON input'],
    ['{"ConfigVersion": 3,', 'unexpected end of JSON input'],
    ['[]', 'it is no JSON object'],
    ['null', 'it is no JSON object'],
    ['"x"', 'it is no JSON object'],
    ['{}', 'it has no Driver or no DriverName'],
    ['{"ConfigVersion":3}', 'it has no Driver or no DriverName'],
    [minimal({ Driver: [] }), 'it has no Driver or no DriverName'],
    [minimal({ DriverName: 7 }), 'it has no Driver or no DriverName'],
    [minimal({ HostOptions: null }), 'it has no HostOptions'],
    [minimal({ ConfigVersion: 'three' }), 'its ConfigVersion is "three"'],
    [minimal({ ConfigVersion: 1.5 }), 'its ConfigVersion is 1.5'],
  ])('%j', (text, why) => {
    expect(() => parseRecord(text, HERE)).toThrow(
      expect.objectContaining({
        code: 'RECORD_UNREADABLE',
        message: `Error getting migrated host: ${why}`,
        suggestions: ['look at config.json of machine "x", or drop it with rm -f x'],
      }),
    )
  })

  test('where it breaks is said, but not what stands there: it may be a secret', () => {
    const text = fixture(3, 'amazonec2').replace('"example-secret-not-real"', 'example-secret-not-real')
    expect(() => parseRecord(text, HERE)).toThrow(
      /^Error getting migrated host: invalid JSON(?: at line 14, column \d+)?$/,
    )
    for (let end = 0; end < text.length; end += 7)
      expect(() => parseRecord(text.slice(0, end), HERE)).toThrow(
        /^Error getting migrated host: (?!.*(AKIA|example-se))/,
      )
  })

  test('a record of the future is refused', () => {
    expect(() => parseRecord(minimal({ ConfigVersion: 4 }), HERE)).toThrow(
      expect.objectContaining({
        code: 'RECORD_FUTURE',
        message:
          'config version of "x" is from the future -- you should upgrade your Docker Machine client (it has 4, this program reads up to 3)',
      }),
    )
  })
})
