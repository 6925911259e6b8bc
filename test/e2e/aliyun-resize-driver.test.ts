/** Another instance type against the stand-in Alibaba Cloud, without hosts: what is asked before it stops, what is refused. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import type { EcsConfig } from '../../drivers/aliyunecs/flags.ts'
import { aliyunecs } from '../../drivers/aliyunecs/index.ts'
import type { State } from '../../drivers/aliyunecs/state.ts'
import type { CreateCtx } from '../../drivers/driver.ts'
import { readConfig } from '../../src/driver-config.ts'
import { generateKeyPair } from '../../src/ssh/keys.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, findPlace, launchOne } from '../kit/aliyun/first-steps.ts'

jest.setTimeout(120_000)
let cloud: AliyunCloud
beforeEach(async () => {
  cloud = await startAliyun({ delays: { pending: 0, starting: 0, stopping: 0, deleting: 0 } })
})
afterEach(async () => {
  expect(cloud.complaints).toEqual([])
  await cloud[Symbol.asyncDispose]()
})

/** A machine of ecs.g5.large, as core would make it. */
async function made(typed: Record<string, unknown> = {}) {
  const env = { ...cloud.env, HOME: '/nonexistent' }
  const config = readConfig(aliyunecs, { 'aliyunecs-instance-type': 'ecs.g5.large', ...typed }, env, []) as EcsConfig
  const ctx: CreateCtx<State> = {
    name: 'web',
    machineDir: '/nonexistent',
    storeId: '0a1b2c3d',
    env,
    signal: new AbortController().signal,
    say() {},
    point() {},
    publicKey: (await generateKeyPair('rsa', 'web')).publicLine,
    enginePort: 2376,
    checkpoint: async () => {},
  }
  const state = await aliyunecs.create(config, ctx)
  await cloud.settled()
  const plan = (instanceType: string, of: State = state) =>
    aliyunecs.resize?.plan(of, { instanceType }, ctx) ?? Promise.reject(new Error('there is no resize'))
  const refusal = async (instanceType: string, of?: State): Promise<string[]> => {
    const { message, suggestions } = await plan(instanceType, of).then(
      () => ({ message: 'taken', suggestions: [] }),
      error => error,
    )
    return [message.replace(/ \(RequestId .*\)$/, ''), ...suggestions]
  }
  return { state, ctx, plan, refusal }
}
const changes = () => cloud.calls.filter(call => call.action === 'ModifyInstanceSpec' && !call.dryRun)

test('it is asked for in a dry run, and made once, stopped', async () => {
  const { state, ctx, plan } = await made()
  const from = cloud.calls.length
  const planned = await plan('ecs.g6.large')
  expect(planned.differences).toEqual([{ setting: 'instanceType', from: 'ecs.g5.large', to: 'ecs.g6.large' }])
  expect(cloud.calls.slice(from).map(({ action, dryRun }) => [action, dryRun])).toEqual([
    ['DescribeInstances', false],
    ['DescribeInstanceTypes', false],
    ['DescribeAvailableResource', false],
    ['ModifyInstanceSpec', true],
  ])
  await aliyunecs.power?.stop?.(state, ctx)
  cloud.faults.add({ action: 'ModifyInstanceSpec', times: 1, gives: 'lost-answer' })
  await aliyunecs.resize?.apply(planned.next, ctx)
  await aliyunecs.resize?.apply(planned.next, ctx)
  // The one whose answer was lost was said again under its token.
  expect(new Set(changes().map(call => call.parameters.ClientToken)).size).toBe(1)
  await aliyunecs.power?.start?.(state, ctx)
  // What counts is what ECS says, not the record.
  expect((await plan('ecs.g6.large')).differences).toEqual([])
  expect((await plan('ecs.g5.large')).differences).toHaveLength(1)
})

test('what cannot be is refused while it runs', async () => {
  const { state, refusal } = await made()
  expect(await refusal('ecs.g6r.large')).toEqual([
    'instance type ecs.g6r.large is arm64, and the machine runs on x86_64 (ecs.g5.large)',
    'its disk boots on no other: take a type of x86_64, or make another machine',
  ])
  expect(await refusal('ecs.g6.large,ecs.g7.large')).toEqual([
    '--aliyunecs-instance-type takes one type here: there is nothing to try them in turn for',
  ])
  expect((await refusal('large'))[0]).toBe('"large" is no instance type')
  expect((await refusal('ecs.g99.large'))[0]).toBe('there is no instance type ecs.g99.large')
  cloud.stock.none(state.Zone, 'ecs.g6.large')
  expect(await refusal('ecs.g6.large')).toEqual([
    `zone ${state.Zone} has no ecs.g6.large left`,
    'take another --aliyunecs-instance-type: the instance stays in its zone',
  ])
  cloud.stock.some(state.Zone, 'ecs.g6.large')
  cloud.deny('ModifyInstanceSpec')
  expect((await refusal('ecs.g6.large'))[0]).toBe('this AccessKey is not allowed to call ecs:ModifyInstanceSpec')
  cloud.allow('ModifyInstanceSpec')
  expect(await refusal('ecs.g6.large')).toEqual(['taken'])
  expect(cloud.calls.filter(call => call.action === 'StopInstance')).toEqual([])
})

test('what ECS refuses of one that is stopped is said in words', async () => {
  const { state, ctx, plan, refusal } = await made()
  await aliyunecs.power?.stop?.(state, ctx)
  // g7 has no ultra disks, and this one's is one.
  expect(await refusal('ecs.g7.large')).toEqual([
    'ECS does not change an instance of its type into this one',
    'take another --aliyunecs-instance-type, or make another machine of that type',
  ])
  cloud.quotas.balance = false
  expect((await refusal('ecs.g6.large'))[0]).toMatch(/balance is not enough/)
  cloud.quotas.balance = true
  const { next } = await plan('ecs.g5.xlarge')
  cloud.faults.add({ action: 'ModifyInstanceSpec', times: 1, gives: 'noStock' })
  await expect(aliyunecs.resize?.apply(next, ctx)).rejects.toThrow(
    'the zone has no instance of this type and kind left',
  )
})

test('a spot instance keeps its type, also where the record does not say that it is one', async () => {
  const { state, refusal } = await made({ 'aliyunecs-spot': true })
  const from = cloud.calls.length
  const text = ['"web" is a spot instance: ECS does not change the type of one', 'make another machine of the type']
  expect(await refusal('ecs.g6.large')).toEqual(text)
  expect(cloud.calls.length).toBe(from)
  const { SpotInterruption, ...older } = state
  expect(SpotInterruption).toBeDefined()
  expect(await refusal('ecs.g6.large', older)).toEqual(text)
})

test('the cloud: its state, one change a call, the image, the disks, the way it is paid for', async () => {
  const place = await findPlace(cloud)
  const change = (InstanceId: string, InstanceType: string, more = {}) =>
    codeOf(cloud.ask('ModifyInstanceSpec', { InstanceId, InstanceType, ...more }))
  const InstanceId = await launchOne(cloud, place)
  await cloud.settled()
  expect(await change(InstanceId, 'ecs.g6.large')).toBe('InvalidInstanceStatus.NotStopped')
  await cloud.ask('StopInstance', { InstanceId })
  await cloud.settled()
  expect(await change(InstanceId, 'ecs.g6.large', { InternetMaxBandwidthOut: 5 })).toBe('InvalidParameter.Mismatch')
  expect(await change(InstanceId, 'ecs.g99.large')).toBe('InvalidInstanceType.ValueNotSupported')
  expect(await change(InstanceId, 'ecs.g6r.large')).toBe('ImageNotSupportInstanceType')
  for (const type of ['ecs.g7.large', 'ecs.g5.large'])
    expect([type, await change(InstanceId, type)]).toEqual([type, 'DependencyViolation.InstanceType'])
  expect(await change(InstanceId, '')).toMatch(/^Missing/)
  cloud.stock.none('*', 'ecs.c6.large')
  expect(await change(InstanceId, 'ecs.c6.large')).toBe('OperationDenied.NoStock')
  expect(await change(InstanceId, 'ecs.g6.large', { DryRun: true })).toBe('DryRunOperation')
  expect(await change(InstanceId, 'ecs.g6.large')).toBe('OK')
  const spot = await launchOne(cloud, place, { SpotStrategy: 'SpotAsPriceGo' })
  await cloud.settled()
  await cloud.ask('StopInstance', { InstanceId: spot })
  await cloud.settled()
  expect(await change(spot, 'ecs.g6.large')).toBe('ChargeTypeViolation')
})
