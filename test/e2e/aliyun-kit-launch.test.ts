/** The stand-in Alibaba Cloud: launches it refuses, and what those come to that it takes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Sent } from '../kit/aliyun/client.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, describe, findPlace, launchOne, type Place } from '../kit/aliyun/first-steps.ts'

let cloud: AliyunCloud
let place: Place
beforeAll(async () => {
  cloud = await startAliyun({ quotas: { vcpus: 1000 } })
  place = await findPlace(cloud)
})
afterAll(() => cloud[Symbol.asyncDispose]())

/** The code of a dry run, which has no effect: DryRunOperation where it would be taken. */
function tried(more: Record<string, string | number | boolean | undefined>): Promise<string> {
  const all = Object.entries({ ...place.launch, DryRun: true, ...more }).filter(([, value]) => value !== undefined)
  return codeOf(cloud.ask('RunInstances', Object.fromEntries(all) as Sent))
}

test('refuses launches whose parts do not go together', async () => {
  const other = await cloud.ask<{ VpcId: string }>('CreateVpc', { RegionId: place.RegionId }, { service: 'vpc' })
  await new Promise(resolve => setTimeout(resolve, cloud.delays.vpc + 50))
  const stranger = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', {
    RegionId: place.RegionId,
    VpcId: other.VpcId,
  })
  const cases: readonly (readonly [string, Parameters<typeof tried>[0], string])[] = [
    ['as it is', {}, 'DryRunOperation'],
    ['no type', { InstanceType: undefined }, 'MissingParameter'],
    ['unknown type', { InstanceType: 'ecs.none.large' }, 'InvalidInstanceType.ValueNotSupported'],
    ['no image', { ImageFamily: undefined }, 'MissingParameter'],
    [
      'image and family',
      { ImageId: 'ubuntu_24_04_x64_20G_alibase_20260916.vhd' },
      'UnexpectedImageFamily.ImageIdSupplied',
    ],
    ['unknown image', { ImageFamily: undefined, ImageId: 'ubuntu_24_04.vhd' }, 'InvalidImageId.NotFound'],
    ['unknown family', { ImageFamily: 'acs:plan9' }, 'InvalidImageFamily.MissingAvailableImage'],
    ['image of another processor', { ImageFamily: 'acs:ubuntu_24_04_arm64' }, 'InvalidInstanceType.NotSupported'],
    ['of this one', { ImageFamily: 'acs:ubuntu_24_04_arm64', InstanceType: 'ecs.g6r.large' }, 'DryRunOperation'],
    ['a key for Windows', { ImageFamily: 'acs:win2022_21H2_x64_dtc_en-us' }, 'DependencyViolation.WindowsInstance'],
    ['no group', { SecurityGroupId: undefined }, 'MissingParameter'],
    ['both kinds of groups', { 'SecurityGroupIds.1': place.groupId }, 'InvalidParameter.Conflict'],
    ['unknown group', { SecurityGroupId: 'sg-bp1nothere' }, 'InvalidSecurityGroupId.NotFound'],
    ['group of another VPC', { SecurityGroupId: stranger.SecurityGroupId }, 'InvalidParameter.Mismatch'],
    ['classic network', { VSwitchId: undefined }, 'MissingParameter'],
    ['unknown vSwitch', { VSwitchId: 'vsw-bp1nothere' }, 'InvalidVSwitchId.NotFound'],
    ['unknown zone', { ZoneId: 'cn-hangzhou-z' }, 'InvalidZoneId.NotFound'],
    ['zone of another vSwitch', { ZoneId: 'cn-hangzhou-k' }, 'InvalidParameter.Mismatch'],
    ['unknown key pair', { KeyPairName: 'nobody' }, 'InvalidKeyPairName.NotFound'],
    ['unknown role', { RamRoleName: 'nobody' }, 'InvalidRamRole.NotFound'],
    ['known role', { RamRoleName: 'machine-role' }, 'DryRunOperation'],
    ['unknown resource group', { ResourceGroupId: 'production' }, 'InvalidResourceGroup.NotFound'],
    ['address elsewhere', { PrivateIpAddress: '10.0.0.1' }, 'InvalidPrivateIpAddress'],
    ['address of the vSwitch', { PrivateIpAddress: '172.16.0.9' }, 'DryRunOperation'],
    ['paid for in advance', { InstanceChargeType: 'PrePaid' }, 'InvalidPayMethod'],
    ['more than wanted', { Amount: 1, MinAmount: 2 }, 'InvalidParameter.MinAmount'],
    [
      'released too soon',
      { AutoReleaseTime: `${new Date(Date.now() + 60_000).toISOString().slice(0, 17)}00Z` },
      'InvalidAutoReleaseTime.LessThanMinTime',
    ],
    ['tag twice', { 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' }, 'Duplicate.TagKey'],
    ['user data too large', { UserData: Buffer.alloc(33 * 1024).toString('base64') }, 'InvalidUserData.SizeExceeded'],
  ]
  for (const [title, more, code] of cases) expect([title, await tried(more)]).toEqual([title, code])
})

test('refuses disks and prices that do not fit', async () => {
  const cases: readonly (readonly [string, Parameters<typeof tried>[0], string])[] = [
    [
      'disk the type has not',
      { 'SystemDisk.Category': 'cloud_essd_entry' },
      'InvalidInstanceType.NotSupportDiskCategory',
    ],
    [
      'old disk on a new type',
      { InstanceType: 'ecs.g7.large', 'SystemDisk.Category': 'cloud_ssd' },
      'InvalidInstanceType.NotSupportDiskCategory',
    ],
    ['smaller than its image', { 'SystemDisk.Size': 10 }, 'InvalidSystemDiskSize.LessThanMinSize'],
    [
      'level of another disk',
      { 'SystemDisk.Category': 'cloud_ssd', 'SystemDisk.PerformanceLevel': 'PL1' },
      'InvalidPerformanceLevel.Malformed',
    ],
    [
      'too small for its level',
      { 'SystemDisk.Category': 'cloud_essd', 'SystemDisk.Size': 40, 'SystemDisk.PerformanceLevel': 'PL2' },
      'OperationDenied.PerformanceLevelNotMatch',
    ],
    [
      'ESSD',
      { 'SystemDisk.Category': 'cloud_essd', 'SystemDisk.Size': 40, 'SystemDisk.PerformanceLevel': 'PL1' },
      'DryRunOperation',
    ],
    ['data disk without a size', { 'DataDisk.1.Category': 'cloud_ssd' }, 'MissingParameter'],
    ['data disk too small', { 'DataDisk.1.Size': 10 }, 'InvalidDataDiskSize.ValueNotSupported'],
    [
      'data disk the type has not',
      { InstanceType: 'ecs.g7.large', 'DataDisk.1.Size': 40, 'DataDisk.1.Category': 'cloud_ssd' },
      'InvalidInstanceType.NotSupportDiskCategory',
    ],
    [
      'device of another form',
      { 'DataDisk.1.Size': 40, 'DataDisk.1.Device': '/dev/sdb' },
      'InvalidDataDevice.Malformed',
    ],
    ['data disk', { 'DataDisk.1.Size': 40, 'DataDisk.1.Device': '/dev/xvdb' }, 'DryRunOperation'],
    ['not I/O optimised', { IoOptimized: 'none' }, 'DependencyViolation.IoOptimized'],
    ['spot without its price', { SpotStrategy: 'SpotWithPriceLimit' }, 'MissingParameter'],
    [
      'spot below its price',
      { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: 0.001 },
      'InvalidSpotPriceLimit.LowerThanPublicPrice',
    ],
    ['spot', { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: 1.5, SpotDuration: 0 }, 'DryRunOperation'],
    [
      'spot and protected',
      { SpotStrategy: 'SpotAsPriceGo', DeletionProtection: true },
      'InvalidChargeType.ValueNotSupported',
    ],
    ['spot for long', { SpotStrategy: 'SpotAsPriceGo', SpotDuration: 3 }, 'InvalidSpotDuration'],
  ]
  for (const [title, more, code] of cases) expect([title, await tried(more)]).toEqual([title, code])
})

test('refuses for want of stock, of quota, of money and of a name', async () => {
  cloud.stock.none(place.zone, 'ecs.g5.large')
  expect(await tried({})).toBe('OperationDenied.NoStock')
  expect(await tried({ InstanceType: 'ecs.g6.large' })).toBe('DryRunOperation')
  const told = await cloud.ask('DescribeAvailableResource', {
    RegionId: place.RegionId,
    DestinationResource: 'InstanceType',
    InstanceType: 'ecs.g5.large',
  })
  expect(JSON.stringify(told).match(/WithoutStock/g)?.length).toBe(2)
  cloud.stock.some(place.zone, 'ecs.g5.large')
  cloud.quotas.vcpus = 1
  expect(await tried({})).toBe('QuotaExceed.ElasticQuota')
  cloud.quotas.vcpus = 1000
  cloud.quotas.balance = false
  expect(await tried({})).toBe('InvalidAccountStatus.NotEnoughBalance')
  cloud.quotas.balance = true
  cloud.quotas.realName = false
  expect(await tried({})).toBe('RealNameAuthenticationError')
  cloud.quotas.realName = true
  expect(await tried({})).toBe('DryRunOperation')
  expect(cloud.instances()).toEqual([])
})

test('an instance goes from Pending to Running, with what was asked for', async () => {
  const id = await launchOne(cloud, place, {
    InstanceName: 'web',
    HostName: 'web-${instance_id}',
    Description: 'a test',
    InternetMaxBandwidthOut: 5,
    HttpTokens: 'required',
    'SystemDisk.Size': 60,
    'DataDisk.1.Size': 100,
    'DataDisk.1.DeleteWithInstance': false,
    'Tag.1.Key': 'made-by',
    'Tag.1.Value': 'test',
  })
  expect((await describe(cloud, id))?.Status).toBe('Pending')
  await cloud.settled()
  const now = await describe(cloud, id)
  expect(now).toMatchObject({
    Status: 'Running',
    InstanceName: 'web',
    HostName: `web-${id}`,
    KeyPairName: 'test',
    ZoneId: place.zone,
    StoppedMode: 'Not-applicable',
    MetadataOptions: { HttpTokens: 'required' },
    VpcAttributes: { VSwitchId: place.vswitchId, PrivateIpAddress: { IpAddress: ['172.16.0.1'] } },
    Tags: { Tag: [{ TagKey: 'made-by', TagValue: 'test' }] },
  })
  expect(JSON.stringify(now?.PublicIpAddress)).toMatch(/192\.0\.2\./)
  const { Disks: disks } = await cloud.ask<{
    Disks: { Disk: { DiskId: string; Size: number; SerialNumber: string }[] }
  }>('DescribeDisks', { RegionId: place.RegionId, InstanceId: id, DiskType: 'data' })
  expect(disks.Disk).toMatchObject([{ Size: 100, DeleteWithInstance: false, Status: 'In_use' }])
  await cloud.ask('DeleteInstance', { InstanceId: id, Force: true })
  await cloud.settled()
  // A disk that is to stay costs on.
  const disk = disks.Disk[0]?.DiskId ?? ''
  expect(cloud.left()).toContain(`disk ${disk}`)
  await cloud.ask('DeleteDisk', { DiskId: disk, RegionId: place.RegionId })
})

test('a client token makes one instance, however often it comes; another request may not have it', async () => {
  const launch = { ...place.launch, ClientToken: 'token-1' }
  const ids = await Promise.all([0, 1, 2].map(() => launchOne(cloud, place, launch)))
  expect(new Set(ids).size).toBe(1)
  expect(await codeOf(cloud.ask('RunInstances', { ...launch, InstanceType: 'ecs.g6.large' }))).toBe(
    'IdempotentParameterMismatch',
  )
  // A refusal is not remembered.
  expect(await codeOf(cloud.ask('RunInstances', { ...launch, ClientToken: 'token-2', KeyPairName: 'nobody' }))).toBe(
    'InvalidKeyPairName.NotFound',
  )
  expect(await codeOf(cloud.ask('RunInstances', { ...launch, ClientToken: 'token-2' }))).toBe('OK')
  expect(cloud.instances().length).toBe(2)
})

test('several at once; and one for which stock ran out after all disappears', async () => {
  const before = cloud.instances().length
  await launchOne(cloud, place, { Amount: 3, InstanceName: 'node', UniqueSuffix: true })
  expect(
    cloud
      .instances()
      .slice(before)
      .map(({ name }) => name),
  ).toEqual(['node001', 'node002', 'node003'])
  cloud.stock.lateNone(place.zone, 'ecs.c6.large')
  const id = await launchOne(cloud, place, { InstanceType: 'ecs.c6.large' })
  expect((await describe(cloud, id))?.Status).toBe('Pending')
  await cloud.settled()
  expect(await describe(cloud, id)).toBeUndefined()
})
