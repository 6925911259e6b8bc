/** The stand-in Alibaba Cloud: groups, keys, networks and routes: what they refuse, and what depends on what. */
import { expect, test } from '@jest/globals'
import { startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, launchOne } from '../kit/aliyun/first-steps.ts'
import { pass, slowClouds } from './aliyun-slow.ts'

const slow = slowClouds()

test('groups and keys in use stay; a group is held a while longer than its instance', async () => {
  const { cloud, place, R, ecs } = slow()
  const InstanceId = await launchOne(cloud, place)
  await cloud.settled()
  const drop = () => ecs('DeleteSecurityGroup', { ...R, SecurityGroupId: place.groupId })
  const dropKey = () => ecs('DeleteKeyPairs', { ...R, KeyPairNames: '["test"]' })
  expect(await drop()).toBe('DependencyViolation')
  expect(await dropKey()).toBe('InvalidParameter.KeypairAlreadyAttachedInstance')
  await cloud.ask('DeleteInstance', { InstanceId, Force: true })
  await cloud.settled()
  expect(await drop()).toBe('DependencyViolation')
  expect(await dropKey()).toBe('OK')
  await pass()
  const another = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', { ...R, VpcId: place.vpcId })
  await cloud.ask('AuthorizeSecurityGroup', {
    ...R,
    SecurityGroupId: another.SecurityGroupId,
    'Permissions.1.IpProtocol': 'all',
    'Permissions.1.PortRange': '-1/-1',
    'Permissions.1.SourceGroupId': place.groupId,
  })
  expect(await drop()).toBe('DependencyViolation')
  expect(await ecs('DeleteSecurityGroup', { ...R, SecurityGroupId: another.SecurityGroupId })).toBe('OK')
  expect(await drop()).toBe('OK')
  expect(await drop()).toBe('InvalidSecurityGroupId.NotFound')
  expect(cloud.left()).toEqual([])
})

test('rules: what lets in nobody or what is no range is refused; the same twice is one', async () => {
  const { cloud, place, R, ecs } = slow()
  const SecurityGroupId = place.groupId
  const rule = (over: Record<string, string | undefined> = {}) => {
    const all = { IpProtocol: 'tcp', PortRange: '22/22', SourceCidrIp: '192.0.2.0/24', ...over }
    const given = Object.entries(all).filter(([, value]) => value !== undefined)
    const named = Object.fromEntries(given.map(([name, value]) => [`Permissions.1.${name}`, String(value)]))
    return ecs('AuthorizeSecurityGroup', { ...R, SecurityGroupId, ...named })
  }
  expect(await rule()).toBe('OK')
  expect(await rule()).toBe('OK')
  expect(await rule({ SourceCidrIp: undefined })).toBe('MissingParameter')
  expect(await rule({ PortRange: '-1/-1' })).toBe('InvalidParam.PortRange')
  expect(await rule({ PortRange: '30/20' })).toBe('InvalidParam.PortRange')
  expect(await rule({ PortRange: '1/65536' })).toBe('InvalidParam.PortRange')
  expect(await rule({ IpProtocol: 'icmp' })).toBe('InvalidParam.PortRange')
  expect(await rule({ SourceCidrIp: '300.0.0.0/8' })).toBe('InvalidParam.SourceIp')
  expect(await rule({ NicType: 'internet' })).toBe('InvalidNicType.Mismatch')
  expect(await rule({ SourceCidrIp: undefined, SourceGroupId: 'sg-bp1nothere' })).toBe('InvalidSourceGroup.NotFound')
  const rules = async () =>
    (
      await cloud.ask<{ Permissions: { Permission: Record<string, string>[] } }>('DescribeSecurityGroupAttribute', {
        ...R,
        SecurityGroupId,
      })
    ).Permissions.Permission
  expect(await rules()).toMatchObject([
    { IpProtocol: 'TCP', PortRange: '22/22', SourceCidrIp: '192.0.2.0/24', Policy: 'Accept', Direction: 'ingress' },
  ])
  cloud.quotas.rulesPerGroup = 1
  expect(await rule({ PortRange: '80/80' })).toBe('AuthorizationLimitExceed')
  const SecurityGroupRuleId = (await rules())[0]?.SecurityGroupRuleId ?? ''
  await cloud.ask('RevokeSecurityGroup', { ...R, SecurityGroupId, 'SecurityGroupRuleId.1': SecurityGroupRuleId })
  expect(await rules()).toEqual([])
})

test('keys: OpenSSH lines of the kinds that are taken, one of a name', async () => {
  const { cloud, place, R, ecs } = slow()
  const put = (KeyPairName: string, PublicKeyBody: string) => ecs('ImportKeyPair', { ...R, KeyPairName, PublicKeyBody })
  expect(await put('test', place.publicKey)).toBe('KeyPair.AlreadyExist')
  expect(await put('other', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFkl9Jx3Yp0F2n1w7kqZ0bXv9k1rV0M5Q3b8yR2nXo1L')).toBe(
    'InvalidPublicKeyBody.Malformed',
  )
  expect(await put('other', 'ssh-rsa AAAA')).toBe('InvalidPublicKeyBody.Malformed')
  expect(await put('other', place.privateKey)).toBe('InvalidPublicKeyBody.Malformed')
  const made = await cloud.ask<{ PrivateKeyBody: string }>('CreateKeyPair', { ...R, KeyPairName: 'made' })
  expect(made.PrivateKeyBody).toContain('BEGIN RSA PRIVATE KEY')
  cloud.quotas.keyPairs = 2
  expect(await put('other', place.publicKey)).toBe('QuotaExceed.KeyPair')
})

test('VPCs and vSwitches: Pending at first, inside each other, gone in order', async () => {
  const { cloud, place, R, ecs, vpc } = slow()
  const { VpcId } = await vpc<{ VpcId: string }>('CreateVpc', { ...R, CidrBlock: '10.0.0.0/8', VpcName: 'test' })
  const vswitch = (CidrBlock: string, ZoneId = 'cn-hangzhou-k') =>
    vpc<{ VSwitchId: string }>('CreateVSwitch', { ...R, VpcId, CidrBlock, ZoneId })
  expect(await codeOf(vswitch('10.0.0.0/24'))).toBe('IncorrectVpcStatus')
  await pass()
  expect(await codeOf(vswitch('192.168.0.0/24'))).toBe('InvalidParameter')
  expect(await codeOf(vswitch('10.0.0.0/30'))).toBe('InvalidCidrBlock.Malformed')
  expect(await codeOf(vswitch('10.0.0.1/24'))).toBe('InvalidCidrBlock.Malformed')
  expect(await codeOf(vswitch('10.0.0.0/24', 'cn-beijing-a'))).toBe('InvalidZoneId.NotFound')
  const { VSwitchId } = await vswitch('10.0.0.0/24')
  expect(await codeOf(vswitch('10.0.0.128/25'))).toBe('InvalidCidrBlock.Overlapped')
  expect(await ecs('RunInstances', { ...place.launch, VSwitchId })).toBe('IncorrectVSwitchStatus')
  expect(await codeOf(vpc('DeleteVSwitch', { VSwitchId }))).toBe('IncorrectVSwitchStatus')
  await pass()
  expect(await codeOf(vpc('DeleteVpc', { VpcId }))).toBe('DependencyViolation.VSwitch')
  const { SecurityGroupId } = await cloud.ask<{ SecurityGroupId: string }>('CreateSecurityGroup', { ...R, VpcId })
  const id = await launchOne(cloud, place, { VSwitchId, SecurityGroupId })
  await cloud.settled()
  expect(await codeOf(vpc('DeleteVSwitch', { VSwitchId }))).toBe('DependencyViolation')
  await cloud.ask('DeleteInstance', { InstanceId: id, Force: true })
  await cloud.settled()
  await pass()
  await vpc('DeleteVSwitch', { VSwitchId })
  expect(await codeOf(vpc('DeleteVpc', { VpcId }))).toBe('DependencyViolation.SecurityGroup')
  await cloud.ask('DeleteSecurityGroup', { ...R, SecurityGroupId })
  await vpc('DeleteVpc', { VpcId })
  expect(await codeOf(vpc('DeleteVpc', { VpcId }))).toBe('InvalidVpcId.NotFound')
  expect(await codeOf(vpc('CreateDefaultVSwitch', { ...R, ZoneId: place.zone }))).toBe('DefaultVSwitch.AlreadyExist')
  expect(await codeOf(vpc('CreateDefaultVSwitch', { ...R, ZoneId: 'cn-hangzhou-k' }))).toBe('OK')
})

test('an account may have no default VPC, and make one', async () => {
  await using bare = await startAliyun({ defaultVpc: false })
  const ask = <T>(action: string, more = {}) =>
    bare.ask<T>(action, { RegionId: 'cn-hangzhou', ...more }, { service: 'vpc' })
  expect(await ask('DescribeVpcs')).toMatchObject({ TotalCount: 0 })
  expect(await codeOf(ask('CreateDefaultVpc'))).toBe('OK')
  expect(await codeOf(ask('CreateDefaultVpc'))).toBe('DefaultVpc.AlreadyExist')
  expect(await ask('DescribeVpcs', { IsDefault: true })).toMatchObject({ TotalCount: 1 })
  expect(bare.left()).toEqual([])
})

test('routes: one change at a time, and none to an instance that is to go', async () => {
  const { cloud, place, R, ecs, vpc } = slow()
  const InstanceId = await launchOne(cloud, place)
  await cloud.settled()
  const tables = await vpc<{ RouterTableList: { RouterTableListType: { RouteTableId: string }[] } }>(
    'DescribeRouteTableList',
    { ...R, VpcId: place.vpcId },
  )
  const RouteTableId = tables.RouterTableList.RouterTableListType[0]?.RouteTableId ?? ''
  const route = (DestinationCidrBlock: string, service: 'vpc' | 'ecs' = 'vpc') =>
    codeOf(
      cloud.ask(
        'CreateRouteEntry',
        { RouteTableId, DestinationCidrBlock, NextHopType: 'Instance', NextHopId: InstanceId, ...R },
        { service },
      ),
    )
  expect(await route('10.1.0.0/24')).toBe('OK')
  expect(await route('10.1.0.0/24')).toBe('InvalidCIDRBlock.Duplicate')
  expect(await route('10.2.0.0/24')).toBe('TaskConflict')
  expect(await route('10.2.0.0/24', 'ecs')).toBe('IncorrectRouteEntryStatus')
  await pass()
  expect(await ecs('DeleteInstance', { InstanceId, Force: true })).toBe('DependencyViolation.RouteEntry')
  expect(cloud.left()).toContain(`route 10.1.0.0/24 to ${InstanceId}`)
  await vpc('DeleteRouteEntry', { RouteTableId, DestinationCidrBlock: '10.1.0.0/24', NextHopId: InstanceId, ...R })
  await pass()
  expect(await codeOf(vpc('DeleteRouteEntry', { RouteTableId, DestinationCidrBlock: '10.1.0.0/24', ...R }))).toBe(
    'InvalidRouteEntry.NotFound',
  )
  expect(await ecs('DeleteInstance', { InstanceId, Force: true })).toBe('OK')
})
