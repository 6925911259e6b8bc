/** The stand-in Alibaba Cloud: what takes its time, pages, and what is not seen at once. */
import { expect, test } from '@jest/globals'
import { codeOf, describe, launchOne } from '../kit/aliyun/first-steps.ts'
import { LONG, pass, slowClouds } from './aliyun-slow.ts'

const slow = slowClouds()

test('each verb wants its state', async () => {
  const { cloud, place, R, ecs } = slow()
  const InstanceId = await launchOne(cloud, place)
  expect(await ecs('DeleteInstance', { InstanceId, Force: true })).toBe('IncorrectInstanceStatus.Initializing')
  expect(await ecs('StopInstance', { InstanceId })).toBe('IncorrectInstanceStatus')
  await cloud.settled()
  expect(await ecs('StartInstance', { InstanceId })).toBe('IncorrectInstanceStatus')
  expect(await ecs('DeleteInstance', { InstanceId })).toBe('IncorrectInstanceStatus')
  expect(await ecs('StopInstance', { InstanceId, DryRun: true })).toBe('DryRunOperation')
  expect(await ecs('RebootInstance', { InstanceId })).toBe('OK')
  expect((await describe(cloud, InstanceId))?.Status).toBe('Starting')
  expect(await ecs('RebootInstance', { InstanceId })).toBe('IncorrectInstanceStatus')
  await cloud.settled()
  expect(await ecs('StopInstance', { InstanceId, StoppedMode: 'KeepCharging' })).toBe('OK')
  expect((await describe(cloud, InstanceId))?.Status).toBe('Stopping')
  expect(await ecs('StartInstance', { InstanceId })).toBe('IncorrectInstanceStatus')
  await cloud.settled()
  expect(await describe(cloud, InstanceId)).toMatchObject({ Status: 'Stopped', StoppedMode: 'KeepCharging' })
  const several = await cloud.ask<{ InstanceResponses: { InstanceResponse: object[] } }>('StartInstances', {
    ...R,
    'InstanceId.1': InstanceId,
  })
  expect(several.InstanceResponses.InstanceResponse).toMatchObject([
    { InstanceId, PreviousStatus: 'Stopped', CurrentStatus: 'Starting', Code: '200' },
  ])
  await cloud.settled()
  await cloud.ask('ModifyInstanceAttribute', { InstanceId, DeletionProtection: true })
  expect(await ecs('DeleteInstance', { InstanceId, Force: true })).toBe('InvalidOperation.DeletionProtection')
  await cloud.ask('ModifyInstanceAttribute', { InstanceId, DeletionProtection: false })
  expect(await ecs('DeleteInstances', { ...R, 'InstanceId.1': InstanceId, Force: true })).toBe('OK')
  expect((await describe(cloud, InstanceId))?.Status).toBe('Stopping')
  await cloud.settled()
  expect(await describe(cloud, InstanceId)).toBeUndefined()
  for (const action of ['DeleteInstance', 'StartInstance', 'DescribeInstanceAttribute'])
    expect([action, await ecs(action, { InstanceId })]).toEqual([action, 'InvalidInstanceId.NotFound'])
})

test('whoever stops paying loses address and place; who pays on keeps both', async () => {
  const { cloud, place, ecs } = slow()
  const InstanceId = await launchOne(cloud, place, { InternetMaxBandwidthOut: 1 })
  await cloud.settled()
  const address = () => cloud.instances()[0]?.publicAddress
  const first = address()
  expect(first).toMatch(/^192\.0\.2\./)
  await cloud.ask('StopInstance', { InstanceId, StoppedMode: 'KeepCharging' })
  await cloud.settled()
  expect(address()).toBe(first)
  cloud.stock.none('*', '*')
  expect(await ecs('StartInstance', { InstanceId })).toBe('OK')
  await cloud.settled()
  await cloud.ask('StopInstance', { InstanceId, StoppedMode: 'StopCharging' })
  await cloud.settled()
  expect(address()).toBeUndefined()
  expect(await ecs('StartInstance', { InstanceId })).toBe('OperationDenied.NoStock')
  cloud.stock.some('*', '*')
  expect(await ecs('StartInstance', { InstanceId })).toBe('OK')
  await cloud.settled()
  expect(address()).toMatch(/^192\.0\.2\./)
  expect(address()).not.toBe(first)
  // Which of the two a stop is that does not say, the account has chosen.
  cloud.quotas.stoppedMode = 'StopCharging'
  await cloud.ask('StopInstance', { InstanceId })
  await cloud.settled()
  expect(await describe(cloud, InstanceId)).toMatchObject({ StoppedMode: 'StopCharging' })
})

test('elastic addresses: each change takes its time, and they outlive their instance', async () => {
  const { cloud, place, R, vpc } = slow()
  const { AllocationId } = await vpc<{ AllocationId: string }>('AllocateEipAddress', { ...R, Bandwidth: '5' })
  expect(await codeOf(vpc('AllocateEipAddress', { ...R, Bandwidth: '300', InternetChargeType: 'PayByTraffic' }))).toBe(
    'InvalidParameter',
  )
  const InstanceId = await launchOne(cloud, place)
  const bind = () => codeOf(vpc('AssociateEipAddress', { ...R, AllocationId, InstanceId, InstanceType: 'EcsInstance' }))
  const state = async () =>
    (await vpc<{ EipAddresses: { EipAddress: { Status: string }[] } }>('DescribeEipAddresses', { ...R, AllocationId }))
      .EipAddresses.EipAddress[0]?.Status
  expect(await bind()).toBe('IncorrectInstanceStatus')
  await cloud.settled()
  expect(await bind()).toBe('OK')
  expect(await state()).toBe('Associating')
  const release = () => codeOf(vpc('ReleaseEipAddress', { AllocationId }))
  const free = () => codeOf(vpc('UnassociateEipAddress', { AllocationId, InstanceId }))
  expect(await free()).toBe('IncorrectEipStatus')
  await cloud.settled()
  expect(await state()).toBe('InUse')
  expect(cloud.instances()[0]?.eip).toMatch(/^192\.0\.2\./)
  expect(await release()).toBe('IncorrectEipStatus')
  expect(await free()).toBe('OK')
  expect(await state()).toBe('Unassociating')
  await cloud.settled()
  expect(await bind()).toBe('OK')
  await cloud.settled()
  await cloud.ask('DeleteInstance', { InstanceId, Force: true })
  await cloud.settled()
  expect(await state()).toBe('Available')
  expect(cloud.left().filter(thing => thing.startsWith('eip'))).toHaveLength(1)
  expect(await release()).toBe('OK')
  expect(await release()).toBe('InvalidAllocationId.NotFound')
  const own = await launchOne(cloud, place, { InternetMaxBandwidthOut: 1 })
  await cloud.settled()
  const second = await vpc<{ AllocationId: string }>('AllocateEipAddress', R)
  expect(await codeOf(vpc('AssociateEipAddress', { ...R, AllocationId: second.AllocationId, InstanceId: own }))).toBe(
    'InvalidStatus.InstanceHasBandWidth',
  )
  cloud.quotas.eips = 1
  expect(await codeOf(vpc('AllocateEipAddress', R))).toBe('QuotaExceeded.Eip')
})

test('what is new is not seen at once', async () => {
  const { cloud, place, R, ecs } = slow()
  cloud.delays.instanceMisses = 2
  const id = await launchOne(cloud, place)
  expect([await describe(cloud, id), await describe(cloud, id)]).toEqual([undefined, undefined])
  expect((await describe(cloud, id))?.Status).toMatch(/^(Pending|Starting|Running)$/)
  await pass(3)
  Object.assign(cloud.delays, {
    instanceMisses: 0,
    instanceUnseen: LONG * 3,
    groupUnseen: LONG * 3,
    keyUnseen: LONG * 3,
  })
  const InstanceId = await launchOne(cloud, place)
  expect(await ecs('DescribeInstanceAttribute', { InstanceId })).toBe('InvalidInstanceId.NotFound')
  const { SecurityGroupId } = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', {
    ...R,
    VpcId: place.vpcId,
  })
  expect(await ecs('DescribeSecurityGroupAttribute', { ...R, SecurityGroupId })).toBe('InvalidSecurityGroupId.NotFound')
  await cloud.ask('ImportKeyPair', { ...R, KeyPairName: 'new', PublicKeyBody: place.publicKey })
  expect(await cloud.ask('DescribeKeyPairs', { ...R, KeyPairName: 'new' })).toMatchObject({ TotalCount: 0 })
  await pass(3)
  expect(await ecs('DescribeInstanceAttribute', { InstanceId })).toBe('OK')
  expect(await ecs('DescribeSecurityGroupAttribute', { ...R, SecurityGroupId })).toBe('OK')
  expect(await cloud.ask('DescribeKeyPairs', { ...R, KeyPairName: 'new' })).toMatchObject({ TotalCount: 1 })
})

test('pages by number and by token; tags filter', async () => {
  const { cloud, place, R, ecs } = slow()
  cloud.quotas.vcpus = 100
  await launchOne(cloud, place, { Amount: 25, 'Tag.1.Key': 'set', 'Tag.1.Value': 'a' })
  interface Page {
    Instances: { Instance: { InstanceId: string }[] }
    NextToken: string
    TotalCount: number
  }
  const page = (more: object) => cloud.ask<Page>('DescribeInstances', { ...R, ...more })
  const ids = (answer: Page) => answer.Instances.Instance.map(({ InstanceId }) => InstanceId)
  const first = await page({ PageNumber: 1, PageSize: 20 })
  const second = await page({ PageNumber: 2, PageSize: 20 })
  expect([ids(first).length, ids(second).length, second.TotalCount]).toEqual([20, 5, 25])
  const seen: string[] = []
  for (let token = '', more = true; more; ) {
    const answer = await page({ MaxResults: 5, ...(token ? { NextToken: token } : {}) })
    seen.push(...ids(answer))
    token = answer.NextToken
    more = token !== ''
  }
  expect(seen).toEqual([...ids(first), ...ids(second)])
  expect(ids(await page({})).length).toBe(10)
  expect(await codeOf(page({ NextToken: 'invented' }))).toBe('InvalidParameter.NextToken')
  expect(await codeOf(page({ MaxResults: 10, PageNumber: 1 }))).toBe('InvalidParameter.Conflict')
  const tagged = seen[3] ?? ''
  const resource = { ...R, ResourceType: 'instance', 'ResourceId.1': tagged }
  await cloud.ask('TagResources', { ...resource, 'Tag.1.Key': 'mine', 'Tag.1.Value': 'yes' })
  expect(ids(await page({ 'Tag.1.Key': 'mine' }))).toEqual([tagged])
  expect(ids(await page({ 'Tag.1.Key': 'mine', 'Tag.1.Value': 'no' }))).toEqual([])
  const listed = await cloud.ask<{ TagResources: { TagResource: object[] } }>('ListTagResources', resource)
  expect(listed.TagResources.TagResource).toHaveLength(2)
  await cloud.ask('UntagResources', { ...resource, 'TagKey.1': 'mine' })
  expect(ids(await page({ 'Tag.1.Key': 'mine' }))).toEqual([])
  expect(await ecs('TagResources', { ...resource, 'ResourceId.1': 'i-bp1nothere', 'Tag.1.Key': 'a' })).toBe(
    'InvalidResourceId.NotFound',
  )
})

test('the cloud takes instances away, locks them, and stops them', async () => {
  const { cloud, place, ecs } = slow()
  const a = await launchOne(cloud, place, { SpotStrategy: 'SpotAsPriceGo' })
  const b = await launchOne(cloud, place)
  await cloud.settled()
  cloud.lock(a, 'Recycling')
  expect(await describe(cloud, a)).toMatchObject({ OperationLocks: { LockReason: [{ LockReason: 'Recycling' }] } })
  expect(await ecs('RebootInstance', { InstanceId: a })).toBe('InstanceLockedForSecurity')
  cloud.takeAway(a)
  cloud.stopFromInside(b)
  await cloud.settled()
  expect(await describe(cloud, a)).toBeUndefined()
  expect((await describe(cloud, b))?.Status).toBe('Stopped')
  const billable = (await (await fetch(`${cloud.url}/_kit/billable`)).json()) as string[]
  expect(billable).toEqual([`instance ${b} Stopped`, 'key-pair test', `security-group ${place.groupId} test`])
  cloud.markFresh()
  expect(cloud.left()).toEqual([])
})
