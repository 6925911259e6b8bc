import { describe, expect, test } from '@jest/globals'
import { findNetwork, type NetworkAsk, wholeZone } from '../../../../drivers/amazonec2/network.ts'
import { cannedEc2 } from './canned-ec2.ts'

const V6 = [{ Ipv6CidrBlock: '2001:db8::/64', Ipv6CidrBlockState: { State: 'associated' } }]
const VPC = {
  VpcId: 'vpc-1',
  IsDefault: true,
  CidrBlock: '172.31.0.0/16',
  CidrBlockAssociationSet: [
    { CidrBlock: '172.31.0.0/16', CidrBlockState: { State: 'associated' } },
    { CidrBlock: '100.64.0.0/16', CidrBlockState: { State: 'associated' } },
    { CidrBlock: '10.9.0.0/16', CidrBlockState: { State: 'disassociated' } },
  ],
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2001:db8::/56', Ipv6CidrBlockState: { State: 'associated' } }],
}
const subnet = (zone: string, more: object = {}) => ({
  SubnetId: `subnet-${zone}`,
  VpcId: 'vpc-1',
  AvailabilityZone: `us-east-1${zone}`,
  AvailableIpAddressCount: 100,
  DefaultForAz: true,
  MapPublicIpOnLaunch: true,
  ...more,
})

const cloud = (Subnets: object[] = [subnet('b'), subnet('a'), subnet('c')], Vpcs: object[] = [VPC]) =>
  cannedEc2({ DescribeVpcs: { Vpcs }, DescribeSubnets: { Subnets } })
const ids = async (ask: Partial<NetworkAsk>, subnets?: object[]) =>
  (await findNetwork(cloud(subnets), { zones: [], ...ask })).subnets.map(s => s.id)

test('the default VPC, its ranges and subnets, with two calls', async () => {
  const ec2 = cloud()
  const network = await findNetwork(ec2, { zones: [] })
  expect(network).toMatchObject({
    vpcId: 'vpc-1',
    ranges: { v4: ['172.31.0.0/16', '100.64.0.0/16'], v6: ['2001:db8::/56'] },
    subnets: [
      { id: 'subnet-a', zone: 'us-east-1a', freeAddresses: 100, ipv6Native: false },
      { id: 'subnet-b' },
      { id: 'subnet-c' },
    ],
  })
  expect(ec2.asked).toEqual([
    { action: 'DescribeVpcs', input: { Filters: [{ Name: 'is-default', Values: ['true'] }] } },
    { action: 'DescribeSubnets', input: { Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] } },
  ])
})

test('none: how to make one, and the flags', async () => {
  await expect(findNetwork(cloud([], []), { zones: [] })).rejects.toMatchObject({
    code: 'EC2_NO_VPC',
    message: expect.stringMatching(
      /^amazonec2 driver requires either the --amazonec2-subnet-id or --amazonec2-vpc-id option or an AWS Account with a default vpc-id/,
    ),
    suggestions: ['aws ec2 create-default-vpc --region us-east-1 makes one'],
  })
  await expect(findNetwork(cloud([], []), { zones: [], vpcId: 'vpc-9' })).rejects.toThrow(
    'the VPC vpc-9 is not there in region us-east-1',
  )
})

describe('the order to try', () => {
  test('zones as they were named, by letter or name', async () => {
    expect(await ids({ zones: ['c', 'us-east-1a'] })).toEqual(['subnet-c', 'subnet-a'])
  })
  test('in a zone: the default one, then one that gives public addresses, then the one with most room', async () => {
    const subnets = [
      subnet('a', { SubnetId: 'private', DefaultForAz: false, MapPublicIpOnLaunch: false }),
      subnet('a', { SubnetId: 'small', DefaultForAz: false, AvailableIpAddressCount: 3 }),
      subnet('a', { SubnetId: 'large', DefaultForAz: false, AvailableIpAddressCount: 300 }),
      subnet('a'),
    ]
    expect(await ids({}, subnets)).toEqual(['subnet-a', 'large', 'small', 'private'])
  })
  test('local zones come last', async () => {
    const local = subnet('a', { SubnetId: 'local', AvailabilityZone: 'us-east-1-bos-1a' })
    expect(await ids({}, [local, subnet('b')])).toEqual(['subnet-b', 'local'])
  })
  test('full ones are left out', async () => {
    expect(await ids({}, [subnet('a', { AvailableIpAddressCount: 0 }), subnet('b')])).toEqual(['subnet-b'])
    await expect(ids({}, [subnet('a', { AvailableIpAddressCount: 0 })])).rejects.toThrow(
      'the VPC vpc-1 has no free address left',
    )
  })
})

describe('a zone', () => {
  test('without a subnet tells those that have one', async () => {
    await expect(ids({ zones: ['f'] })).rejects.toMatchObject({
      message: 'the VPC vpc-1 has no subnet in zone us-east-1f',
      suggestions: ['it has some in us-east-1a, us-east-1b, us-east-1c: give one of these with --amazonec2-zone'],
    })
    await expect(ids({}, [])).rejects.toThrow('the VPC vpc-1 has no subnet')
  })
  test('of another region is refused', () => {
    expect(wholeZone('b', 'us-east-1')).toBe('us-east-1b')
    expect(wholeZone('us-west-2-lax-1a', 'us-west-2')).toBe('us-west-2-lax-1a')
    expect(() => wholeZone('eu-west-1a', 'us-east-1')).toThrow('"eu-west-1a" is no zone of region us-east-1')
    expect(() => wholeZone('A', 'us-east-1')).toThrow('"A" is no zone of region us-east-1')
  })
})

describe('a subnet that was named', () => {
  test('brings its VPC, with two calls', async () => {
    const ec2 = cloud([subnet('b')])
    expect(await findNetwork(ec2, { subnetId: 'subnet-b', zones: ['b'] })).toMatchObject({
      vpcId: 'vpc-1',
      subnets: [{ id: 'subnet-b' }],
    })
    expect(ec2.asked).toEqual([
      { action: 'DescribeSubnets', input: { SubnetIds: ['subnet-b'] } },
      { action: 'DescribeVpcs', input: { VpcIds: ['vpc-1'] } },
    ])
  })
  test('contradicts VPC or zone, is missing or full', async () => {
    const named = (ask: Partial<NetworkAsk>, subnets = [subnet('b')]) =>
      findNetwork(cloud(subnets), { subnetId: 'subnet-b', zones: [], ...ask })
    await expect(named({ vpcId: 'vpc-2' })).rejects.toThrow('SubnetId: subnet-b does not belong to VpcId: vpc-2')
    await expect(named({ zones: ['a'] })).rejects.toThrow(
      'the subnet subnet-b is in zone us-east-1b, not in us-east-1a',
    )
    await expect(named({}, [])).rejects.toThrow('the subnet subnet-b is not there in region us-east-1')
    await expect(named({}, [subnet('b', { AvailableIpAddressCount: 0 })])).rejects.toThrow(
      'the subnet subnet-b has no free address left',
    )
  })
})

describe('IPv6', () => {
  const native = subnet('c', {
    SubnetId: 'native',
    Ipv6Native: true,
    AvailableIpAddressCount: 0,
    Ipv6CidrBlockAssociationSet: V6,
  })
  const dual = subnet('b', { SubnetId: 'dual', Ipv6CidrBlockAssociationSet: V6 })
  test('wants subnets that have a range; those for IPv6 alone only where nothing else is wanted', async () => {
    expect(await ids({ ipv6: true }, [subnet('a'), native, dual])).toEqual(['dual'])
    expect(await ids({ ipv6Only: true }, [subnet('a'), native, dual])).toEqual(['dual', 'native'])
    expect(await ids({}, [native, subnet('a')])).toEqual(['subnet-a'])
  })
  test('without any such range says so', async () => {
    await expect(ids({ ipv6: true })).rejects.toThrow('the VPC vpc-1 has no IPv6 range')
    await expect(ids({}, [native])).rejects.toThrow('the VPC vpc-1 is for IPv6 alone')
  })
})
