/** Where a launch comes to: subnet, zone, groups, type, key; and what EC2 refuses of that. */
import type { InstanceTypeInfo, SecurityGroup, Subnet } from '@aws-sdk/client-ec2'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import type { Ec2Aims } from './faults.ts'
import { partitionOf } from './images.ts'
import { isOld, type Launch, type World } from './world.ts'

export interface TypeFacts {
  readonly name: string
  readonly architectures: readonly string[]
  readonly burstable: boolean
  readonly vcpus: number
}

/** Facts of an instance type, from moto's copy of AWS' list. */
export async function readType(name: string, region: string, world: World): Promise<TypeFacts> {
  const { InstanceTypes: [info] = [] } = await world.moto.call<{ InstanceTypes?: InstanceTypeInfo[] }>(
    region,
    'DescribeInstanceTypes',
    {
      InstanceTypes: [name],
    },
  )
  refuseUnless(info, 'InvalidInstanceType', `The following supplied instance types do not exist: [${name}]`)
  return {
    name,
    architectures: info.ProcessorInfo?.SupportedArchitectures ?? [],
    burstable: info.BurstablePerformanceSupported ?? false,
    vcpus: info.VCpuInfo?.DefaultVCpus ?? 1,
  }
}

interface Offering {
  readonly InstanceType: string
  readonly Location: string
  readonly LocationType: string
}

/** Where types are offered, by moto's copy of AWS' list. It has none of China and GovCloud: there all are, everywhere. */
export async function readOfferings(region: string, world: World, parameters: object): Promise<Offering[]> {
  if (partitionOf(region) === 'aws') {
    const all = await world.moto.call<{ InstanceTypeOfferings?: Offering[] }>(
      region,
      'DescribeInstanceTypeOfferings',
      parameters,
    )
    return all.InstanceTypeOfferings ?? []
  }
  const { LocationType: kind = 'region', Filters: filters = [] } = parameters as {
    LocationType?: string
    Filters?: { Name: string; Values: string[] }[]
  }
  const { AvailabilityZones: zones } = await world.moto.call<{ AvailabilityZones: { ZoneName: string }[] }>(
    region,
    'DescribeAvailabilityZones',
  )
  const wanted = (name: string) => filters.find(filter => filter.Name === name)?.Values
  const types = wanted('instance-type') ?? EVERYWHERE
  const places = kind === 'availability-zone' ? zones.map(zone => zone.ZoneName) : [region]
  return places
    .filter(place => wanted('location')?.includes(place) ?? true)
    .flatMap(Location => types.map(InstanceType => ({ InstanceType, Location, LocationType: kind })))
}

const EVERYWHERE = [
  't2.micro',
  't3.micro',
  't3.small',
  't3.medium',
  't4g.micro',
  't4g.small',
  'm5.large',
  'm6g.large',
  'c5.large',
]

/** Zones of the region in which the type is offered. */
async function zonesOf(type: string, region: string, world: World): Promise<string[]> {
  const filters = [{ Name: 'instance-type', Values: [type] }]
  const all = await readOfferings(region, world, { LocationType: 'availability-zone', Filters: filters })
  return all.map(offer => offer.Location).sort()
}

export interface Place {
  readonly subnet: Subnet
  readonly groups: readonly SecurityGroup[]
  readonly aims: Ec2Aims
  readonly publicKey: string | undefined
}

export async function findPlace(asked: Launch, region: string, world: World): Promise<Place> {
  const type = asked.InstanceType ?? 'm1.small'
  const offered = await zonesOf(type, region, world)
  refuseUnless(
    offered.length > 0,
    'Unsupported',
    'The requested configuration is currently not supported. Please check the documentation for supported configurations.',
  )
  const subnet = await findSubnet(asked, offered, region, world)
  const zone = subnet.AvailabilityZone ?? ''
  const others = offered.filter(z => z !== zone)
  refuseUnless(
    offered.includes(zone),
    'Unsupported',
    `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ${others.join(', ')}.`,
  )
  return {
    subnet,
    groups: await findGroups(asked, subnet, region, world),
    aims: { zone, otherZones: others, type, spot: asked.InstanceMarketOptions?.MarketType === 'spot' },
    publicKey: await findKey(asked.KeyName, region, world),
  }
}

async function findSubnet(asked: Launch, offered: readonly string[], region: string, world: World): Promise<Subnet> {
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  const subnets = async (parameters: object) =>
    (await world.moto.call<{ Subnets?: Subnet[] }>(region, 'DescribeSubnets', parameters)).Subnets ?? []
  const zone = asked.Placement?.AvailabilityZone
  let id = primary?.SubnetId ?? asked.SubnetId
  if (primary?.NetworkInterfaceId) {
    const found = await world.moto.call<{ NetworkInterfaces: { SubnetId: string; Status: string }[] }>(
      region,
      'DescribeNetworkInterfaces',
      {
        NetworkInterfaceIds: [primary.NetworkInterfaceId],
      },
    )
    id = found.NetworkInterfaces[0]?.SubnetId
    refuseUnless(
      found.NetworkInterfaces[0]?.Status === 'available',
      'InvalidNetworkInterface.InUse',
      `Interface: [${primary.NetworkInterfaceId}] in use.`,
    )
  }
  if (id !== undefined) {
    const [subnet] = await subnets({ SubnetIds: [id] })
    refuseUnless(subnet, 'InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`)
    refuseUnless(
      zone === undefined || subnet.AvailabilityZone === zone,
      'InvalidParameterValue',
      `The subnet '${id}' is in the Availability Zone ${subnet.AvailabilityZone}, not in ${zone}`,
    )
    return subnet
  }
  const own = await subnets({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] })
  if (own.length === 0)
    throw new Problem(
      'VPCIdNotSpecified',
      'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.',
    )
  const chosen = own.filter(s =>
    zone === undefined ? offered.includes(s.AvailabilityZone ?? '') : s.AvailabilityZone === zone,
  )
  if (chosen[0]) return chosen[0]
  refuseUnless(zone, 'MissingInput', 'No subnets found for the default VPC. Please specify a subnet.')
  const zones = await world.moto.call<{ AvailabilityZones: { ZoneName: string }[] }>(
    region,
    'DescribeAvailabilityZones',
  )
  refuseUnless(
    zones.AvailabilityZones.some(z => z.ZoneName === zone),
    'InvalidParameterValue',
    `Invalid availability zone: [${zone}]`,
  )
  throw new Problem('MissingInput', `No default subnet for availability zone: '${zone}'.`)
}

async function findGroups(asked: Launch, subnet: Subnet, region: string, world: World): Promise<SecurityGroup[]> {
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  const ids = primary?.Groups ?? asked.SecurityGroupIds ?? []
  const names = asked.SecurityGroups ?? []
  if (primary?.NetworkInterfaceId) return []
  refuseUnless(
    names.length === 0 || asked.SubnetId === undefined,
    'InvalidParameterCombination',
    'The parameter groupName cannot be used with the parameter subnet',
  )
  const { SecurityGroups: all = [] } = await world.moto.call<{ SecurityGroups?: SecurityGroup[] }>(
    region,
    'DescribeSecurityGroups',
    {},
  )
  const seen = all.filter(group => isOld(group.GroupId ?? '', world.delays.groupUnseen, world))
  if (ids.length + names.length === 0) return seen.filter(g => g.GroupName === 'default' && g.VpcId === subnet.VpcId)
  return [...ids, ...names].map(wanted => {
    const byId = ids.includes(wanted)
    const group = seen.find(g => (byId ? g.GroupId === wanted : g.GroupName === wanted && g.VpcId === subnet.VpcId))
    refuseUnless(
      group,
      'InvalidGroup.NotFound',
      `The security group '${wanted}' does not exist${byId ? '' : ` in VPC '${subnet.VpcId}'`}`,
    )
    refuseUnless(
      group.VpcId === subnet.VpcId,
      'InvalidParameter',
      `Security group ${group.GroupId} and subnet ${subnet.SubnetId} belong to different networks.`,
    )
    return group
  })
}

/** The public half of the key pair. */
async function findKey(name: string | undefined, region: string, world: World): Promise<string | undefined> {
  if (name === undefined) return undefined
  const { KeyPairs: all = [] } = await world.moto.call<{ KeyPairs?: { KeyName: string; PublicKey?: string }[] }>(
    region,
    'DescribeKeyPairs',
    {
      IncludePublicKey: true,
    },
  )
  const key = all.find(each => each.KeyName === name)
  refuseUnless(
    key && isOld(`key ${region} ${name}`, world.delays.keyUnseen, world),
    'InvalidKeyPair.NotFound',
    `The key pair '${name}' does not exist`,
  )
  return key.PublicKey
}
