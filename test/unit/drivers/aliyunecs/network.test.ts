import { expect, test } from '@jest/globals'
import { freeRange } from '../../../../drivers/aliyunecs/free-range.ts'
import { findNetwork } from '../../../../drivers/aliyunecs/network.ts'
import { readSettings } from '../../../../drivers/aliyunecs/settings.ts'
import { type Canned, cannedEcs } from './canned-ecs.ts'
import { configOf } from './config.ts'

const TYPES = [{ name: 'ecs.g7.large', cpu: 'x86_64' }] as const
const OURS = { Tag: [{ Key: 'machine:store', Value: '0a1b2c3d' }] }
const find = (ecs: Canned, typed = {}) => findNetwork(ecs, readSettings(configOf(typed)), TYPES, '0a1b2c3d')

const vpcs = (...Vpc: object[]) => ({ Vpcs: { Vpc }, TotalCount: Vpc.length })
const vSwitches = (...VSwitch: object[]) => ({ VSwitches: { VSwitch }, TotalCount: VSwitch.length })
const zones = (...AvailableZone: object[]) => ({ AvailableZones: { AvailableZone } })
const DEFAULT = { VpcId: 'vpc-d', IsDefault: true, CidrBlock: '172.16.0.0/12' }
const vSwitch = (id: string, zone: string, more = {}) => ({
  VSwitchId: id,
  ZoneId: zone,
  VpcId: 'vpc-d',
  CidrBlock: '172.16.0.0/20',
  Status: 'Available',
  AvailableIpAddressCount: 100,
  ...more,
})

test('the default VPC, and the best vSwitch of each of its zones', async () => {
  const ecs = cannedEcs({
    DescribeVpcs: vpcs({ VpcId: 'vpc-a' }, DEFAULT),
    DescribeVSwitches: vSwitches(
      vSwitch('vsw-1', 'z-a', { AvailableIpAddressCount: 7 }),
      vSwitch('vsw-2', 'z-a', { AvailableIpAddressCount: 0 }),
      vSwitch('vsw-3', 'z-b', { AvailableIpAddressCount: 9 }),
      vSwitch('vsw-4', 'z-b', { IsDefault: true, AvailableIpAddressCount: 1 }),
    ),
  })
  expect(await find(ecs)).toMatchObject({
    vpcId: 'vpc-d',
    ranges: { v4: ['172.16.0.0/12'] },
    places: [
      { zone: 'z-b', vSwitchId: 'vsw-4' },
      { zone: 'z-a', vSwitchId: 'vsw-1' },
    ],
  })
})

test('it stands on a later page', async () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ VpcId: `vpc-${i}` }))
  const ecs = cannedEcs({
    DescribeVpcs: [
      { Vpcs: { Vpc: many }, TotalCount: 51 },
      { Vpcs: { Vpc: [DEFAULT] }, TotalCount: 51 },
    ],
    DescribeVSwitches: vSwitches(vSwitch('vsw-1', 'z-a')),
  })
  expect((await find(ecs)).vpcId).toBe('vpc-d')
  expect(ecs.asked.slice(0, 2).map(a => a.input.PageNumber)).toEqual([1, 2])
})

test('without a default one, the one this store made', async () => {
  const ecs = cannedEcs({
    DescribeVpcs: vpcs({ VpcId: 'vpc-a' }, { VpcId: 'vpc-o', Tags: OURS }),
    DescribeVSwitches: vSwitches(vSwitch('vsw-1', 'z-a')),
  })
  expect((await find(ecs)).vpcId).toBe('vpc-o')
})

test('without any, one is made, in zones that have the type', async () => {
  const ecs = cannedEcs({
    DescribeVpcs: vpcs({ VpcId: 'vpc-a' }),
    DescribeAvailableResource: zones(
      { ZoneId: 'z-a', Status: 'SoldOut' },
      { ZoneId: 'z-b', Status: 'Available', StatusCategory: 'WithoutStock' },
      { ZoneId: 'z-c', Status: 'Available', StatusCategory: 'WithStock' },
    ),
  })
  expect(await find(ecs)).toMatchObject({ vpcId: undefined, places: [{ zone: 'z-c', vSwitchId: undefined }] })
})

test('zones that were named, made where there is no vSwitch', async () => {
  const [a, b] = ['cn-hangzhou-a', 'cn-hangzhou-b'] as const
  const ecs = cannedEcs({ DescribeVpcs: vpcs(DEFAULT), DescribeVSwitches: vSwitches(vSwitch('vsw-1', a)) })
  expect((await find(ecs, { zone: `${b},${a}` })).places).toEqual([
    { zone: b, vSwitchId: undefined },
    { zone: a, vSwitchId: 'vsw-1' },
  ])
  await expect(find(cannedEcs({}), { zone: 'cn-qingdao-b' })).rejects.toThrow(
    'cn-qingdao-b is no zone of region cn-hangzhou',
  )
})

test('sold out everywhere', async () => {
  const ecs = cannedEcs({
    DescribeVpcs: vpcs(),
    DescribeAvailableResource: zones({ ZoneId: 'z-a', Status: 'SoldOut' }),
  })
  await expect(find(ecs)).rejects.toThrow('no zone of cn-hangzhou has an instance of ecs.g7.large left')
})

test.each([
  [{ 'vpc-id': 'vpc-x' }, 'the VPC vpc-x is not there in region cn-hangzhou'],
  [{ 'vswitch-id': 'vsw-x' }, 'the vSwitch vsw-x is not there in region cn-hangzhou'],
])('%j that is not there', async (typed, text) => {
  await expect(find(cannedEcs({ DescribeVpcs: vpcs(), DescribeVSwitches: vSwitches() }), typed)).rejects.toThrow(text)
})

test('a vSwitch decides, and must not be contradicted', async () => {
  const answers = { DescribeVpcs: vpcs(DEFAULT), DescribeVSwitches: vSwitches(vSwitch('vsw-1', 'z-a')) }
  expect(await find(cannedEcs(answers), { 'vswitch-id': 'vsw-1' })).toMatchObject({
    vpcId: 'vpc-d',
    places: [{ zone: 'z-a', vSwitchId: 'vsw-1' }],
  })
  await expect(find(cannedEcs(answers), { 'vswitch-id': 'vsw-1', 'vpc-id': 'vpc-x' })).rejects.toThrow(
    'is in VPC vpc-d',
  )
  await expect(find(cannedEcs(answers), { 'vswitch-id': 'vsw-1', zone: 'cn-hangzhou-b' })).rejects.toThrow(
    'is in zone z-a',
  )
})

test.each([
  [['10.0.0.0/16'], [], '10.0.0.0/20'],
  [['10.0.0.0/16'], ['10.0.0.0/24'], '10.0.16.0/20'],
  [['10.0.0.0/16'], ['10.0.0.0/17', '10.0.128.0/18', '10.0.192.0/19', '10.0.240.0/20'], '10.0.224.0/20'],
  [['10.0.0.0/20'], ['10.0.0.0/24'], '10.0.1.0/24'],
  [['10.0.0.0/20', '192.168.0.0/16'], ['10.0.0.0/20'], '192.168.0.0/20'],
  [['10.0.0.0/24'], ['10.0.0.0/24'], undefined],
  [['10.0.0.0/26'], ['10.0.0.0/28'], '10.0.0.16/28'],
])('room in %j beside %j', (vpc, taken, range) => {
  expect(freeRange(vpc, taken)).toBe(range)
})
