/** The driver's verbs against the stand-in Alibaba Cloud, without hosts: what is asked, what is made, what stays. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { EcsConfig } from '../../drivers/aliyunecs/flags.ts'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import type { State } from '../../drivers/aliyunecs/state.ts'
import type { CreateCtx } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import { generateKeyPair } from '../../src/ssh/keys.ts'
import { startAliyun } from '../kit/aliyun/cloud.ts'

jest.setTimeout(120_000)
const FULL = { 'instance-type': 'ecs.g5.large', 'disk-size': 40, eip: true, 'open-port': ['80'] }
type Cloud = Awaited<ReturnType<typeof startAliyun>>

let cloud: Cloud
beforeEach(async () => {
  cloud = await startAliyun({ defaultVpc: false })
})
afterEach(async () => {
  expect(cloud.complaints).toEqual([])
  await cloud[Symbol.asyncDispose]()
})

/** A machine as core would make it: its settings, what is on record, and what the verbs get. */
async function machine(name: string, typed: Record<string, unknown> = {}) {
  const env = { ...cloud.env, HOME: '/nonexistent' }
  const named = Object.fromEntries(Object.entries(typed).map(([flag, value]) => [`aliyunecs-${flag}`, value]))
  const config = readConfig(aliyunecs, named, env, []) as EcsConfig
  const { publicLine } = await generateKeyPair('rsa', name)
  const record = { state: {} as State, said: [] as string[] }
  const ctxWith = (signal = new AbortController().signal): CreateCtx<State> => ({
    name,
    machineDir: '/nonexistent',
    storeId: '0a1b2c3d',
    env,
    signal,
    say: event => void (event.type === 'debug' || record.said.push('text' in event ? event.text : '')),
    point() {},
    publicKey: publicLine,
    enginePort: 2376,
    checkpoint: async state => {
      record.state = structuredClone(state)
    },
  })
  const create = async (signal?: AbortSignal) => {
    await aliyunecs.preflight(config, ctxWith(signal))
    return await aliyunecs.create(config, ctxWith(signal))
  }
  return { record, ctx: ctxWith(), config, create, remove: () => aliyunecs.remove(record.state, ctxWith()) }
}

/** Asked to wait for something that was made a moment ago; a VPC is looked for once before. */
const POLLS = /^Describe(VSwitches|SecurityGroups|Instances|EipAddresses|Disks)$/

test('a whole life, with everything to be made, in no more than 14 calls beside polls', async () => {
  const m = await machine('web', FULL)
  const state = await m.create()
  const asked = cloud.calls.map(call => call.action)
  const polls = asked.filter(
    (action, i) => POLLS.test(action) || (action === 'DescribeVpcs' && asked.indexOf(action) < i),
  )
  expect(asked.length - polls.length).toBeLessThanOrEqual(14)
  expect(cloud.calls.every(call => call.method === 'POST')).toBe(true)
  expect(JSON.stringify(m.record.state)).not.toContain(cloud.env.ECS_ACCESS_KEY_SECRET)
  expect(await aliyunecs.inspect(state, m.ctx)).toMatchObject({ status: 'Running', address: state.IPAddress })
  expect(aliyunecs.dataDisk?.(state)).toMatchObject({ sizeGb: 40, fs: 'ext4', serial: expect.stringMatching(/./) })

  await aliyunecs.power?.stop?.(state, m.ctx)
  expect((await aliyunecs.inspect(state, m.ctx)).status).toBe('Stopped')
  expect(cloud.calls.find(call => call.action === 'StopInstance')?.parameters).toMatchObject({
    StoppedMode: 'KeepCharging',
  })
  await aliyunecs.power?.start?.(state, m.ctx)
  await aliyunecs.power?.restart?.({ ...state, SSHPort: 1 }, m.ctx)
  await aliyunecs.power?.kill?.(state, m.ctx)
  await m.remove()
  expect(cloud.left()).toEqual([])
  expect((await aliyunecs.inspect(state, m.ctx)).status).toBe('Not Found')
  await m.remove() // once more is no failure
})

test('route and load balancer are told, and told again', async () => {
  const m = await machine('web', { ...FULL, eip: false, 'route-cidr': '172.18.0.0/16', 'slb-id': cloud.slbId })
  await m.create()
  expect(cloud.left().filter(line => /^(route|slb)/.test(line))).toHaveLength(2)
  await m.remove()
  expect(cloud.left()).toEqual([])
})

test('ten at once share one VPC, vSwitch and group, and the last takes them away', async () => {
  const ten = await Promise.all(
    Array.from({ length: 10 }, (_, i) => machine(`m${i}`, { 'instance-type': 'ecs.g5.large' })),
  )
  await Promise.all(ten.map(each => each.create()))
  expect(cloud.left().filter(line => /^(vpc|vswitch|security-group)/.test(line))).toHaveLength(3)
  await Promise.all(ten.slice(1).map(each => each.remove()))
  expect(cloud.left().filter(line => /^(vpc|vswitch|security-group)/.test(line))).toHaveLength(3)
  await ten[0]?.remove()
  expect(cloud.left()).toEqual([])
})

test('cut off after any call that makes something, rm finds it', async () => {
  for (const action of [
    'ImportKeyPair',
    'CreateVpc',
    'CreateSecurityGroup',
    'CreateVSwitch',
    'RunInstances',
    'AllocateEipAddress',
    'AssociateEipAddress',
  ]) {
    const m = await machine(`cut-${action.toLowerCase()}`, FULL)
    const abort = new AbortController()
    cloud.faults.add({ action, times: 1, gives: 'lost-answer' })
    const before = cloud.calls.length
    const watch = setInterval(() => {
      if (cloud.calls.slice(before).some(call => call.action === action)) abort.abort(new Error('cut'))
    }, 1)
    await expect(m.create(abort.signal)).rejects.toThrow('cut')
    clearInterval(watch)
    cloud.faults.clear()
    await m.remove()
    expect([action, cloud.left()]).toEqual([action, []])
  }
})

test('a machine of the old driver is inspected and removed with its address; its group is not', async () => {
  const m = await machine('web', FULL)
  const {
    KeyName,
    AllocationId,
    ClientToken,
    LaunchAsked,
    EipAsked,
    Eip,
    DiskSerial,
    StopCharging,
    RetryCount,
    ...old
  } = await m.create()
  expect([KeyName, AllocationId, ClientToken, LaunchAsked, EipAsked, Eip, StopCharging, RetryCount]).not.toContain(
    undefined,
  )
  const record = {
    ...old,
    AccessKey: cloud.env.ECS_ACCESS_KEY_ID ?? '',
    SecretKey: cloud.env.ECS_ACCESS_KEY_SECRET ?? '',
    SSHPassword: 'aB3!0000',
  }
  const { ECS_ACCESS_KEY_ID, ECS_ACCESS_KEY_SECRET, ...env } = m.ctx.env
  const ctx = { ...m.ctx, env }
  expect((await aliyunecs.inspect(record, ctx)).address).toBe(old.IPAddress)
  await aliyunecs.remove(record, ctx)
  expect(
    cloud
      .left()
      .map(line => line.split(' ')[0])
      .sort(),
  ).toEqual(['key-pair', 'security-group', 'vpc', 'vswitch'])
  // What nothing owns any more is what a sweep is for.
  const sweep = aliyunecs.sweep
  const found = (await sweep?.find(m.config, m.ctx)) ?? []
  expect(await sweep?.remove(found, m.config, m.ctx)).toEqual([])
  expect(cloud.left()).toEqual([])
})

test('sold out here, it goes there; sold out everywhere, it says so', async () => {
  cloud.stock.none('*', 'ecs.g5.large')
  const m = await machine('web', { 'instance-type': 'ecs.g5.large,ecs.g6.large' })
  expect((await m.create()).InstanceType).toBe('ecs.g6.large')
  await m.remove()
  const none = await machine('none', { 'instance-type': 'ecs.g5.large' })
  await expect(none.create()).rejects.toThrow('no zone of cn-hangzhou has an instance of ecs.g5.large left')
})
