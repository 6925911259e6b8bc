/**
 * The stand-in Alibaba Cloud, asked as the driver of docker-machine's days asks it: GET, one endpoint and one version for all,
 * CreateInstance, tags at the end, and what the SDK of then sends without being asked.
 */
import { expect, test } from '@jest/globals'
import type { Sent } from '../kit/aliyun/client.ts'
import { startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, findPlace } from '../kit/aliyun/first-steps.ts'

test('a whole life in the old way, on the endpoint of ECS alone, and by GET', async () => {
  await using cloud = await startAliyun({ region: 'cn-qingdao' })
  const place = await findPlace(cloud)
  const RegionId = 'cn-qingdao'
  const ask = <T>(action: string, parameters: Sent, service: 'ecs' | 'slb' = 'ecs') =>
    cloud.ask<T>(action, parameters, { method: 'GET', counted: true, service })
  const wait = async (InstanceId: string, state: string) => {
    for (let i = 0; i < 100; i++) {
      const now = await ask<{ Status: string }>('DescribeInstanceAttribute', { InstanceId })
      if (now.Status === state) return now as Record<string, unknown>
      await new Promise(resolve => setTimeout(resolve, 30))
    }
    throw new Error(`not ${state}`)
  }
  const balancer = { LoadBalancerId: cloud.slbId }
  expect(await ask('DescribeLoadBalancerAttribute', balancer, 'slb')).toMatchObject({ Address: '198.51.100.254' })

  const { SecurityGroupId } = await ask<{ SecurityGroupId: string }>('CreateSecurityGroup', {
    RegionId,
    SecurityGroupName: 'docker-machine',
    Description: 'Docker Machine',
    VpcId: place.vpcId,
    ClientToken: 'group',
  })
  const groups = await ask<{ SecurityGroups: { SecurityGroup: object[] } }>('DescribeSecurityGroups', {
    RegionId,
    VpcId: place.vpcId,
    PageNumber: 1,
    PageSize: 10,
  })
  expect(groups.SecurityGroups.SecurityGroup).toContainEqual(
    expect.objectContaining({ SecurityGroupId, SecurityGroupName: 'docker-machine' }),
  )
  for (const [IpProtocol, PortRange] of [
    ['tcp', '22/22'],
    ['tcp', '2376/2376'],
    ['icmp', '-1/-1'],
    ['all', '-1/-1'],
  ] as const)
    await ask('AuthorizeSecurityGroup', {
      RegionId,
      SecurityGroupId,
      IpProtocol,
      PortRange,
      SourceCidrIp: '0.0.0.0/0',
      NicType: 'internet',
    })

  const { Images } = await ask<{ Images: { Image: { ImageId: string }[] } }>('DescribeImages', {
    RegionId,
    ImageOwnerAlias: 'system',
    PageNumber: 2,
    PageSize: 10,
  })
  const ImageId = Images.Image.find(image => image.ImageId.startsWith('ubuntu_16_0402_64'))?.ImageId ?? ''
  const create = {
    RegionId,
    InstanceName: 'coda-demo',
    ImageId,
    InstanceType: 'ecs.n4.small',
    SecurityGroupId,
    InternetChargeType: 'PayByTraffic',
    Password: 'Secret-123',
    IoOptimized: 'optimized',
    InternetMaxBandwidthOut: 1,
    ClientToken: 'create',
    'SystemDisk.Category': 'cloud_ssd',
    'SystemDisk.Size': 40,
    'DataDisk.1.DiskName': 'coda-demo_data',
    'DataDisk.1.Description': 'Data volume for Docker',
    'DataDisk.1.Size': 40,
    'DataDisk.1.Category': 'cloud_ssd',
    'DataDisk.1.Device': '/dev/xvdb',
    'DataDisk.1.DeleteWithInstance': true,
    // The old SDK sends what nobody set.
    AutoRenew: false,
    SpotPriceLimit: '0.0000',
    UseAdditionalService: false,
  }
  // The classic network, which was its default, is retired.
  expect(await codeOf(ask('CreateInstance', create))).toBe('MissingParameter')
  const { InstanceId } = await ask<{ InstanceId: string }>('CreateInstance', { ...create, VSwitchId: place.vswitchId })
  await wait(InstanceId, 'Stopped')

  const routers = await ask<{
    VRouters: { VRouter: { VRouterId: string; RouteTableIds: { RouteTableId: string[] } }[] }
  }>('DescribeVRouters', { RegionId })
  const [router] = routers.VRouters.VRouter
  const route = {
    RouteTableId: router?.RouteTableIds.RouteTableId[0] ?? '',
    DestinationCidrBlock: '10.9.0.0/24',
    NextHopId: InstanceId,
  }
  await ask('CreateRouteEntry', { ...route, NextHopType: 'Instance', ClientToken: 'route' })
  const { AllocationId } = await ask<{ AllocationId: string }>('AllocateEipAddress', {
    RegionId,
    Bandwidth: '1',
    InternetChargeType: 'PayByTraffic',
    ClientToken: 'eip',
  })
  await ask('AssociateEipAddress', { AllocationId, InstanceId })
  const servers = JSON.stringify([{ ServerId: InstanceId, Weight: 100 }])
  await ask('AddBackendServers', { ...balancer, BackendServers: servers }, 'slb')
  expect(await codeOf(ask('AddBackendServers', { ...balancer, BackendServers: servers }, 'slb'))).toBe(
    'InvalidParameter.ServerIdExist',
  )
  await cloud.settled()
  await ask('StartInstance', { InstanceId })
  const running = await wait(InstanceId, 'Running')
  expect(running).toMatchObject({ IoOptimized: 'optimized', EipAddress: { AllocationId } })
  await ask('AddTags', {
    RegionId,
    ResourceId: InstanceId,
    ResourceType: 'instance',
    'Tag.1.Key': 'a',
    'Tag.1.Value': 'b',
  })
  expect(cloud.instances()[0]?.tags).toEqual({ a: 'b' })

  await ask('RebootInstance', { InstanceId, ForceStop: false })
  await wait(InstanceId, 'Running')
  await ask('StopInstance', { InstanceId, ForceStop: false })
  await wait(InstanceId, 'Stopped')
  await ask('UnassociateEipAddress', { AllocationId, InstanceId })
  await cloud.settled()
  await ask('ReleaseEipAddress', { AllocationId })
  await ask('DeleteRouteEntry', route)
  await ask('DeleteInstance', { InstanceId })
  await cloud.settled()
  // What the old driver leaves behind is counted; its place at the load balancer went with the instance.
  expect(cloud.left().sort()).toEqual(
    [
      'key-pair test',
      `security-group ${place.groupId} test`,
      `security-group ${SecurityGroupId} docker-machine`,
    ].sort(),
  )
  expect(new Set(cloud.calls.map(call => call.method))).toEqual(new Set(['GET']))
  expect(cloud.complaints).toEqual([])
})

test('a public address for an instance of CreateInstance, once and where there is bandwidth for it', async () => {
  await using cloud = await startAliyun()
  const place = await findPlace(cloud)
  const { KeyPairName: _, ...launch } = place.launch as Record<string, string>
  const make = async (bandwidth: number) => {
    const made = await cloud.ask<{ InstanceId: string }>('CreateInstance', {
      ...launch,
      InternetMaxBandwidthOut: bandwidth,
      Password: 'Secret-123',
    })
    await cloud.settled()
    return made.InstanceId
  }
  const take = (InstanceId: string) => cloud.ask<{ IpAddress: string }>('AllocatePublicIpAddress', { InstanceId })
  expect(await codeOf(take(await make(0)))).toBe('InvalidInstance.NoPublicBandwidth')
  const id = await make(5)
  expect((await take(id)).IpAddress).toMatch(/^192\.0\.2\./)
  expect(await codeOf(take(id))).toBe('AllocatedAlready')
})
