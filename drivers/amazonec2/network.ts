/** The VPC and the subnets a machine may be launched into. */
import type { Subnet as SeenSubnet, Vpc } from '@aws-sdk/client-ec2'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ranges } from './allow-cidr.ts'
import type { Ec2 } from './api.ts'

export interface NetworkAsk {
  readonly vpcId?: string | undefined
  readonly subnetId?: string | undefined
  /** In the order to try: `a` or `us-east-1a`. Empty: all the VPC has subnets in. */
  readonly zones: readonly string[]
  /** The machine is to have an IPv6 address: subnets without an IPv6 range are left out. */
  readonly ipv6?: boolean
  /** It is to have no IPv4 address: such subnets may have no IPv4 range. */
  readonly ipv6Only?: boolean
}

export interface Subnet {
  readonly id: string
  /** 'us-east-1a' */
  readonly zone: string
  /** Its IPv6 range, if any. */
  readonly ipv6: string | undefined
  /** An IPv6-only subnet. */
  readonly ipv6Native: boolean
  readonly freeAddresses: number
}

export interface Network {
  readonly vpcId: string
  /** The VPC's own ranges. */
  readonly ranges: Ranges
  /** In the order to try; never empty. */
  readonly subnets: readonly Subnet[]
}

/** Finds VPC and subnets with one DescribeVpcs and one DescribeSubnets; throws in words where there is none that fits. */
export async function findNetwork(ec2: Ec2, ask: NetworkAsk): Promise<Network> {
  const zones = ask.zones.map(zone => wholeZone(zone, ec2.region))
  if (ask.subnetId) return await networkOfSubnet(ec2, ask.subnetId, zones, ask)
  const vpc = await findVpc(ec2, ask.vpcId)
  const { Subnets = [] } = await ec2.call('DescribeSubnets', {
    Filters: [{ Name: 'vpc-id', Values: [vpc.VpcId ?? ''] }],
  })
  return { ...describeVpc(vpc), subnets: usable(Subnets, zones, vpc, ask, ec2.region) }
}

async function networkOfSubnet(ec2: Ec2, subnetId: string, zones: string[], ask: NetworkAsk): Promise<Network> {
  const { Subnets = [] } = await ec2.call('DescribeSubnets', { SubnetIds: [subnetId] })
  const subnet = Subnets[0]
  if (!subnet?.VpcId) throw missing('subnet', subnetId, ec2.region)
  const { VpcId, AvailabilityZone = '' } = subnet
  if (ask.vpcId && ask.vpcId !== VpcId)
    throw new UsageError(`SubnetId: ${subnetId} does not belong to VpcId: ${ask.vpcId}`, [
      `it is in ${VpcId}: leave one of --amazonec2-vpc-id and --amazonec2-subnet-id out`,
    ])
  if (zones.length > 0 && !zones.includes(AvailabilityZone))
    throw new UsageError(`the subnet ${subnetId} is in zone ${AvailabilityZone}, not in ${zones.join(' or ')}`, [
      'leave one of --amazonec2-zone and --amazonec2-subnet-id out',
    ])
  const vpc = await findVpc(ec2, VpcId)
  return { ...describeVpc(vpc), subnets: usable([subnet], [], vpc, ask, ec2.region) }
}

/** The one named, else the account's default one. */
async function findVpc(ec2: Ec2, id: string | undefined): Promise<Vpc> {
  const { Vpcs = [] } = await ec2.call(
    'DescribeVpcs',
    id ? { VpcIds: [id] } : { Filters: [{ Name: 'is-default', Values: ['true'] }] },
  )
  const vpc = Vpcs[0]
  if (vpc?.VpcId) return vpc
  if (id) throw missing('VPC', id, ec2.region)
  throw new MachineError(
    'EC2_NO_VPC',
    `amazonec2 driver requires either the --amazonec2-subnet-id or --amazonec2-vpc-id option or an AWS Account with a default vpc-id (region ${ec2.region} has none)`,
    { hints: [`aws ec2 create-default-vpc --region ${ec2.region} makes one`] },
  )
}

function missing(what: 'VPC' | 'subnet', id: string, region: string): MachineError {
  return new MachineError('EC2_NOT_FOUND', `the ${what} ${id} is not there in region ${region}`, {
    hints: [
      `check --amazonec2-${what.toLowerCase()}-id: aws ec2 describe-${what.toLowerCase()}s lists those of the region`,
    ],
  })
}

function describeVpc({ VpcId = '', CidrBlock, CidrBlockAssociationSet, Ipv6CidrBlockAssociationSet }: Vpc) {
  const more = (CidrBlockAssociationSet ?? []).filter(a => a.CidrBlockState?.State !== 'disassociated')
  const v4 = [CidrBlock, ...more.map(a => a.CidrBlock)].filter(isText)
  const v6 = (Ipv6CidrBlockAssociationSet ?? [])
    .filter(a => a.Ipv6CidrBlockState?.State !== 'disassociated')
    .map(a => a.Ipv6CidrBlock)
    .filter(isText)
  return { vpcId: VpcId, ranges: { v4: [...new Set(v4)], v6: [...new Set(v6)] } }
}

/** Those a machine can be launched into, in the order to try; throws saying why there is none. */
function usable(all: SeenSubnet[], zones: string[], vpc: Vpc, ask: NetworkAsk, region: string): Subnet[] {
  const place = ask.subnetId ? `the subnet ${ask.subnetId}` : `the VPC ${vpc.VpcId}`
  const none = (why: string, hint: string) => new MachineError('EC2_NO_SUBNET', why, { hints: [hint] })
  if (all.length === 0) throw none(`${place} has no subnet`, 'make one: aws ec2 create-subnet; or name another VPC')
  const placed = zones.length === 0 ? all : all.filter(s => zones.includes(s.AvailabilityZone ?? ''))
  if (placed.length === 0) {
    const there = [...new Set(all.map(s => s.AvailabilityZone ?? ''))].sort()
    throw none(
      `${place} has no subnet in zone ${zones.join(' or ')}`,
      `it has some in ${there.join(', ')}: give one of these with --amazonec2-zone`,
    )
  }
  const wantsV6 = ask.ipv6 || ask.ipv6Only
  const able = placed.filter(s => (ask.ipv6Only || !s.Ipv6Native) && (!wantsV6 || ipv6Of(s) !== undefined))
  if (able.length === 0)
    throw wantsV6
      ? none(`${place} has no IPv6 range`, 'give VPC and subnet one, or leave the IPv6 flags out')
      : none(`${place} is for IPv6 alone`, 'say --amazonec2-ipv6-address-only, or name another subnet')
  const roomy = able.filter(s => s.Ipv6Native || (s.AvailableIpAddressCount ?? 1) > 0)
  if (roomy.length === 0)
    throw none(`${place} has no free address left`, 'name another with --amazonec2-subnet-id or --amazonec2-zone')
  return roomy.sort(inOrder(zones, region)).map(read)
}

/** By the zones asked for; then default subnets, those that give public addresses, full zones before local ones. */
function inOrder(zones: string[], region: string): (a: SeenSubnet, b: SeenSubnet) => number {
  const rank = (s: SeenSubnet) => [
    zones.indexOf(s.AvailabilityZone ?? ''),
    s.DefaultForAz ? 0 : 1,
    s.MapPublicIpOnLaunch ? 0 : 1,
    (s.AvailabilityZone ?? '').length - region.length > 1 ? 1 : 0,
  ]
  return (a, b) => {
    const [ours, theirs] = [rank(a), rank(b)]
    const differing = ours.findIndex((value, i) => value !== theirs[i])
    if (differing >= 0) return (ours[differing] as number) - (theirs[differing] as number)
    const byZone = (a.AvailabilityZone ?? '').localeCompare(b.AvailabilityZone ?? '')
    return byZone || (b.AvailableIpAddressCount ?? 0) - (a.AvailableIpAddressCount ?? 0)
  }
}

function read(subnet: SeenSubnet): Subnet {
  return {
    id: subnet.SubnetId ?? '',
    zone: subnet.AvailabilityZone ?? '',
    ipv6: ipv6Of(subnet),
    ipv6Native: subnet.Ipv6Native ?? false,
    freeAddresses: subnet.AvailableIpAddressCount ?? 0,
  }
}

function ipv6Of({ Ipv6CidrBlockAssociationSet }: SeenSubnet): string | undefined {
  return Ipv6CidrBlockAssociationSet?.find(a => a.Ipv6CidrBlockState?.State !== 'disassociated')?.Ipv6CidrBlock
}

/** `a` → `us-east-1a`; whole names stay. Throws UsageError for a zone of another region. */
export function wholeZone(zone: string, region: string): string {
  if (/^[a-z]$/.test(zone)) return region + zone
  if (zone.startsWith(region) && /^-?[a-z0-9-]+$/.test(zone.slice(region.length))) return zone
  throw new UsageError(`"${zone}" is no zone of region ${region}`, [
    `give the letter alone, as a, or the whole name, as ${region}a; another region with --amazonec2-region`,
  ])
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
