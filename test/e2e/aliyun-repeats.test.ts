/**
 * Every call of a life in turn is throttled, or fails; every call that changes something is done although its answer says
 * otherwise or never comes; the API is throttled for long. Each time create and rm end well, nothing is made twice, and nothing
 * is left.
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import type { AliyunCloud } from '../kit/aliyun/cloud.ts'
import type { Call } from '../kit/cloud/calls.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { type Aliyunecs, openAccount, Store } from './aliyun-store.ts'
import { CREATE_CALLS, PRECHECKED, RM_CALLS } from './aliyun-whole.ts'
import { brokenDriver } from './broken-driver.ts'
import { inLanes } from './in-lanes.ts'

jest.setTimeout(240_000)
/** Accounts at once: a life waits more than it computes. */
const LANES = 16
const CALLS = CREATE_CALLS.length - 1 + RM_CALLS.length // the last of create is core's
const CHANGING = [...new Set([...CREATE_CALLS.slice(PRECHECKED), ...RM_CALLS])].filter(call => !/^Describe/.test(call))
/** Each of it once, however often it was asked for. */
const WHOLE = ['eip', 'instance', 'key-pair', 'route', 'security-group', 'slb-backend', 'vpc', 'vswitch']

const flags = (cloud: AliyunCloud) => ({
  eip: true,
  'disk-size': 20,
  'route-cidr': '10.200.0.0/24',
  'slb-id': cloud.slbId,
})
const kinds = (cloud: AliyunCloud) => cloud.left().map(thing => thing.split(' ')[0])

async function makeAndRemove(cloud: AliyunCloud, driver: Aliyunecs = aliyunecs): Promise<void> {
  const store = new Store(driver, cloud)
  const state = await store.create(flags(cloud), { checked: true })
  expect(kinds(cloud).sort()).toEqual(WHOLE)
  await store.remove(state)
  expect([cloud.left(), cloud.complaints]).toEqual([[], []])
}

beforeAll(() => {
  jest.spyOn(Math, 'random').mockReturnValue(0.05) // pauses are seconds long, by chance
})
afterAll(() => {
  jest.restoreAllMocks()
})

/** What becomes of the nth call. */
const FAILURES: Readonly<Record<string, (nth: number) => 'throttle' | 'drop' | 'unavailable' | 'html502'>> = {
  throttled: () => 'throttle',
  'without an answer': () => 'drop',
  'failed on their side, one way or another': nth => (nth % 2 === 0 ? 'unavailable' : 'html502'),
}

test.each(Object.keys(FAILURES))('each call in turn: %s', async way => {
  let beyond = 0
  const each = Array.from({ length: CALLS + 5 }, (_, i) => i + 1)
  const lanes = { count: LANES, open: openAccount, title: (nth: number) => `call ${nth}` }
  await inLanes(each, lanes, async (cloud, nth) => {
    const rule = cloud.faults.add({ action: '*', nth, gives: FAILURES[way]?.(nth) ?? 'drop' })
    await makeAndRemove(cloud)
    if (rule.hits === 0) beyond += 1
    cloud.faults.clear()
  })
  expect(beyond).toBeGreaterThan(0) // there are no more calls
})

test('each that is done, though its answer says otherwise, or never comes, or not in time', async () => {
  using scratch = makeTempDir()
  // Half a minute otherwise; a computer busy with other tests takes a second for what is not held back.
  const breaks = [{ file: 'api.ts', text: 'tryMs: 30_000', by: 'tryMs: 2500' }]
  const hasty = await brokenDriver<Aliyunecs>('aliyunecs', scratch.path, 'hasty', breaks)
  const each = CHANGING.flatMap(action => [
    { action, gives: 'error500-after-effect', driver: aliyunecs } as const,
    { action, gives: 'lost-answer', driver: aliyunecs } as const,
    { action, gives: 'timeout-after-effect', driver: hasty } as const,
  ])
  const title = ({ action, gives }: (typeof each)[number]) => `${action}: ${gives}`
  await inLanes(each, { count: LANES, open: openAccount, title }, async (cloud, { action, gives, driver }) => {
    const rule = cloud.faults.add({ action, nth: 1, gives })
    await makeAndRemove(cloud, driver)
    expect(rule.hits).toBe(1)
    cloud.faults.clear()
  })
})

test('a storm: each question is refused twice, while five machines are made and removed at once', async () => {
  await using cloud = await openAccount()
  const asked = new Map<string, number>()
  const when = ({ action, parameters }: Call) => {
    const question = `${action} ${parameters.ClientToken ?? JSON.stringify(parameters)}`
    const before = asked.get(question) ?? 0
    asked.set(question, before + 1)
    return before < 2
  }
  const storm = cloud.faults.add({ action: '*', when, gives: 'throttle' })
  const store = new Store(aliyunecs, cloud)
  const names = ['a', 'b', 'c', 'd', 'e']
  const states = await Promise.all(names.map(name => store.create({ eip: true }, { name, checked: true })))
  const count = (kind: string) => kinds(cloud).filter(each => each === kind).length
  expect(['instance', 'eip', 'key-pair', 'security-group', 'vpc', 'vswitch'].map(count)).toEqual([5, 5, 5, 1, 1, 1])
  await Promise.all(states.map((state, i) => store.remove(state, names[i])))
  expect(cloud.left()).toEqual([])
  expect(storm.hits).toBeGreaterThan(50)
})

test('a limit of calls a second: ten machines at once come through', async () => {
  jest.spyOn(Math, 'random').mockRestore()
  await using cloud = await openAccount()
  cloud.quotas.callsPerSecond = 30
  const store = new Store(aliyunecs, cloud)
  const names = Array.from({ length: 10 }, (_, i) => `m${i}`)
  const states = await Promise.all(names.map(name => store.create({}, { name })))
  await Promise.all(states.map((state, i) => store.remove(state, names[i])))
  expect(cloud.left()).toEqual([])
  expect(cloud.calls.filter(call => call.code.startsWith('Throttling')).length).toBeGreaterThan(5)
})
