import { expect, test } from '@jest/globals'
import type { Json } from '../../../src/pulumi/core/crud.ts'
import { diffMachine } from '../../../src/pulumi/core/diff-machine.ts'
import { UNKNOWN } from '../../../src/pulumi/core/values.ts'
import { aroundOf } from './around.ts'

const inputs = {
  resource: 'urn',
  driver: 'amazonec2',
  name: 'web-1a2b3c4',
  amazonec2: { region: 'eu-central-1', instanceType: 't3.micro', secretKey: 'old' },
  engine: { labels: { role: 'web' }, opts: { debug: true } },
}
const state = { ...inputs, phase: 'ready', state: 'Running', drift: [], due: '2027-12-01T00:00:00.000Z' }
const diff = (news: Json, olds: Json = {}) => diffMachine({ ...state, ...olds }, { ...inputs, ...news }, aroundOf())

test('nothing changed is no change, in whatever order it is said', () => {
  expect(diff({})).toMatchObject({ changes: false, replaces: [], updates: [] })
  const amazonec2 = { secretKey: 'old', instanceType: 't3.micro', region: 'eu-central-1', zone: undefined }
  expect(diff({ amazonec2, tlsSans: undefined, labels: null, __provider: 'x' })).toMatchObject({ changes: false })
})

test.each([
  ['labels of the engine', { engine: { labels: { role: 'db' } } }, ['engine']],
  ['options of the engine', { engine: { ...inputs.engine, opts: {} } }, ['engine']],
  ['its version', { engine: { ...inputs.engine, version: '28' } }, ['engine']],
  ['names in the certificate', { tlsSans: ['web.example'] }, ['tlsSans']],
  ['labels at the provider', { labels: { team: 'infra' } }, ['labels']],
  ['the CA', { authority: { caCert: 'other', caKey: 'other' } }, ['authority']],
  ['timeouts', { timeouts: { create: '1h' } }, ['timeouts']],
  ['keys of the provider', { amazonec2: { ...inputs.amazonec2, secretKey: 'new' } }, ['amazonec2']],
  ['another instance type', { amazonec2: { ...inputs.amazonec2, instanceType: 't3.small' } }, ['amazonec2']],
  ['one not known yet', { amazonec2: { ...inputs.amazonec2, instanceType: UNKNOWN } }, ['amazonec2']],
  ['one with a key', { amazonec2: { ...inputs.amazonec2, instanceType: 't3.small', secretKey: 'n' } }, ['amazonec2']],
])('%s: in place', (_, news, updates) => {
  expect(diff(news)).toMatchObject({ changes: true, replaces: [], updates, deleteBeforeReplace: false })
})

test.each([
  ['another driver', { driver: 'nspawn', amazonec2: undefined }, ['driver']],
  ['another region', { amazonec2: { ...inputs.amazonec2, region: 'eu-west-1' } }, ['amazonec2']],
  ['a region that is not known yet', { amazonec2: { ...inputs.amazonec2, region: UNKNOWN } }, ['amazonec2']],
  [
    'another type and region',
    { amazonec2: { ...inputs.amazonec2, instanceType: 't3.small', region: 'eu-west-1' } },
    ['amazonec2'],
  ],
  ['several types', { amazonec2: { ...inputs.amazonec2, instanceType: 't3.small,t3a.small' } }, ['amazonec2']],
  ['no type any more', { amazonec2: { ...inputs.amazonec2, instanceType: undefined } }, ['amazonec2']],
  ['another port', { enginePort: 2375 }, ['enginePort']],
  ['another install script', { engine: { ...inputs.engine, installUrl: 'none' } }, ['engine']],
])('%s: anew, the old one first where the name is a person’s', (_, news, replaces) => {
  expect(diff(news)).toMatchObject({ changes: true, replaces, deleteBeforeReplace: true })
  expect(diff({ ...news, autoName: true })).toMatchObject({ changes: true, replaces, deleteBeforeReplace: false })
})

test('another name: anew, side by side', () => {
  expect(diff({ name: 'shop' })).toMatchObject({ changes: true, replaces: ['name'], deleteBeforeReplace: false })
})

test('a host that is lent is let go of first', () => {
  const lent = { driver: 'generic', amazonec2: undefined, generic: { ipAddress: '198.18.0.9' } }
  const moved = { ...lent, generic: { ipAddress: '198.18.0.10' }, autoName: true }
  expect(diff(moved, lent)).toMatchObject({ replaces: ['generic'], deleteBeforeReplace: true })
})

test.each([
  ['stopped', { state: 'Stopped' }],
  ['drifted', { drift: ['settings: not so: engine settings'] }],
  ['half made', { phase: 'provisioning' }],
  ['certificate near its end', { due: '2026-11-26T11:59:59.000Z' }],
])('%s: the next update mends it', (_, olds) => {
  expect(diff({}, olds)).toMatchObject({ changes: true, replaces: [], updates: ['state'] })
})
