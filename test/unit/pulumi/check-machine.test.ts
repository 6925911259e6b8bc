import { describe, expect, test } from '@jest/globals'
import type { AnyDriver } from '../../../drivers/driver.ts'
import { drivers } from '../../../drivers/index.ts'
import { checkDriver } from '../../../src/pulumi/core/check-driver.ts'
import { checkMachine } from '../../../src/pulumi/core/check-machine.ts'
import type { Json } from '../../../src/pulumi/core/crud.ts'
import { UNKNOWN } from '../../../src/pulumi/core/values.ts'
import { aroundOf } from './around.ts'

const HOME = '0123456789abcdef'
const resource = 'urn:pulumi:dev::shop::pulumi-nodejs:dynamic/machine:Machine::web'
const check = (news: Json, olds: Json = {}) =>
  checkMachine(olds, { resource, driver: 'none', none: { url: 'tcp://198.18.0.9:2375' }, ...news }, aroundOf())
const failures = async (news: Json) =>
  Object.fromEntries((await check(news)).failures.map(({ property, reason }) => [property, reason]))

describe('a machine’s inputs, checked', () => {
  test('a name is made from the resource’s, another for each machine, and kept', async () => {
    const { inputs } = await check({})
    expect(inputs.name).toMatch(/^web-[0-9a-f]{7}$/)
    expect((await check({})).inputs.name).not.toBe(inputs.name)
    expect((await check({}, inputs)).inputs.name).toBe(inputs.name)
    expect((await check({ name: 'web' }, inputs)).inputs.name).toBe('web')
  })

  test('a resource’s name that no host can have becomes one', async () => {
    const odd = 'urn:pulumi:dev::shop::pulumi-nodejs:dynamic/machine:Machine::my web/üö 1'
    expect((await check({ resource: odd })).inputs.name).toMatch(/^my-web-1-[0-9a-f]{7}$/)
    const none = 'urn:pulumi:dev::shop::pulumi-nodejs:dynamic/machine:Machine::ü'
    expect((await check({ resource: none })).inputs.name).toMatch(/^machine-[0-9a-f]{7}$/)
  })

  test('its folder stays the one it was made in, whatever the resource is called and its claim says by now', async () => {
    const renamed = resource.replace('::web', '::shop')
    const { inputs } = await check({ resource: renamed, home: 'fedcba9876543210' }, { resource, home: HOME })
    expect(inputs).toMatchObject({ resource: renamed, home: HOME })
    expect((await check({ home: HOME })).inputs.home).toBe(HOME)
  })

  test('the driver stays as it was where a program names none', async () => {
    const { inputs } = await checkMachine({ driver: 'none', none: {} }, { resource }, aroundOf())
    expect(inputs.driver).toBe('none')
    const chosen = await checkMachine({}, { resource }, aroundOf({ env: { MACHINE_DRIVER: 'generic' } }))
    expect(chosen.inputs.driver).toBe('generic')
  })

  test('what is right fails nowhere', async () => {
    const fine = {
      name: 'web',
      engine: {
        version: '28.5',
        labels: { role: 'web' },
        opts: { 'log-level': 'warn', dns: ['1.1.1.1'], debug: true },
        env: { HTTPS_PROXY: 'http://198.18.0.1:3128' },
        liveRestore: false,
        agent: 'off',
      },
      enginePort: 2375,
      tlsSans: ['web.example', '198.18.0.7'],
      labels: { team: 'infra' },
      timeouts: { create: '1h30m' },
      __provider: 'exports.handler = …',
    }
    expect(await failures(fine)).toEqual({})
  })

  test('each property that cannot be has one text', async () => {
    const wrong = {
      name: '-web',
      engine: {
        version: 28,
        labels: { role: 1 },
        opts: { mtu: 'wide' },
        agent: 'maybe',
        liveRestore: 'yes',
        verison: '28',
        env: { 'A B': 'x' },
      },
      enginePort: 70_000,
      tlsSans: ['a b'],
      labels: { 'a b': 'c' },
      store: 'yes',
      timeouts: { create: 'soon' },
      authority: { caCert: 'x' },
      lables: {},
      nspawn: {},
    }
    expect(await failures(wrong)).toEqual({
      name: expect.stringContaining('Invalid hostname'),
      'engine.version': 'is a text',
      'engine.labels': 'is an object of texts',
      'engine.opts': expect.stringContaining('wants a whole number'),
      'engine.agent': "is 'on' or 'off'",
      'engine.liveRestore': 'is true or false',
      'engine.verison': 'there is no such setting; did you mean version?',
      'engine.env': expect.stringContaining('is not NAME=value'),
      enginePort: 'is a whole number from 1 to 65535',
      tlsSans: 'is a list of host names and addresses',
      'labels.a b': 'a label is a key without blanks or "=", and a text of one line',
      store: 'is true or false',
      'timeouts.create': 'is a duration: "90s", "20m", "1h30m"',
      'authority.caCert': 'is a certificate in PEM',
      'authority.caKey': 'is a private key in PEM',
      lables: 'there is no such property; did you mean labels?',
      nspawn: "these are settings of driver nspawn, and this machine's driver is none",
    })
  })

  test('a driver’s settings are held against its flag specs', async () => {
    const of = (nspawn: Json) => failures({ driver: 'nspawn', none: undefined, nspawn })
    expect(await of({ suite: 'trixie', memory: 512, packages: ['vim'] })).toEqual({})
    expect(await of({ suite: 'sarge', memory: '512', packages: 'vim', suit: 1 })).toEqual({
      'nspawn.suite': 'cannot be "sarge": it is one of bookworm, trixie, forky',
      'nspawn.memory': 'is a whole number, not "512"',
      'nspawn.packages': 'is a list of texts, not "vim"',
      'nspawn.suit': 'there is no such setting; did you mean suite?',
    })
    expect(await failures({ driver: 'nsqawn' })).toMatchObject({
      driver: expect.stringMatching(/^there is no driver "nsqawn"; did you mean nspawn\?; there are /),
    })
  })

  test('a secret of the wrong kind is not repeated', async () => {
    const said = await failures({ driver: 'amazonec2', none: undefined, amazonec2: { secretKey: ['s3cret'] } })
    expect(said).toEqual({ 'amazonec2.secretKey': 'is a text, not what was given' })
  })

  test('a needed setting may come from its variable', () => {
    const flags = { zone: { type: 'string', help: 'where it lies', env: 'SOME_ZONE', required: true } }
    const driver = { ...drivers[0], name: 'some', flags } as AnyDriver
    const of = (env: Record<string, string>) => {
      const said: string[] = []
      checkDriver(driver, { some: {} }, env, (property, reason) => void said.push(`${property} ${reason}`))
      return said
    }
    expect(of({})).toEqual(['some.zone is needed: where it lies; or set SOME_ZONE'])
    expect(of({ SOME_ZONE: 'a' })).toEqual([])
  })

  test('what is not known yet is let through', async () => {
    const unknown = {
      name: UNKNOWN,
      engine: { labels: { role: UNKNOWN }, version: UNKNOWN },
      tlsSans: [UNKNOWN],
      authority: UNKNOWN,
      labels: UNKNOWN,
      none: { url: UNKNOWN },
    }
    expect(await failures(unknown)).toEqual({})
  })
})
