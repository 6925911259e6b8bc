/** What is told of VPCs and vSwitches, and where to find them. */
import type { Data } from '../cloud/data.ts'
import { addressOf, parseBlock } from './cidr.ts'
import { vpcTags } from './lists.ts'
import { zonesOf } from './offers.ts'
import { found } from './problem.ts'
import { isOld, newId, seconds, type Vpc, type VSwitch, type World } from './world.ts'

export const vpcState = (vpc: Vpc, { delays }: World) => (isOld(vpc.madeAt, delays.vpc) ? 'Available' : 'Pending')
export const vswitchState = (vswitch: VSwitch, { delays }: World) =>
  isOld(vswitch.madeAt, delays.vswitch) ? 'Available' : 'Pending'

export function vpcOf(id: unknown, region: string, { vpcs }: World): Vpc {
  const vpc = vpcs.get(String(id))
  return found(vpc?.region === region ? vpc : undefined, 'InvalidVpcId.NotFound', 'Specified VPC does not exist.')
}

export function vswitchOf(id: unknown, region: string, { vswitches }: World): VSwitch {
  const vswitch = vswitches.get(String(id))
  return found(
    vswitch?.region === region ? vswitch : undefined,
    'InvalidVSwitchId.NotFound',
    'Specified virtual switch does not exist.',
  )
}

export const vswitchesOf = (vpc: Vpc, { vswitches }: World) => [...vswitches.values()].filter(v => v.vpcId === vpc.id)

export function vpcView(vpc: Vpc, world: World): Data {
  return {
    VpcId: vpc.id,
    RegionId: vpc.region,
    VpcName: vpc.name,
    Description: vpc.description,
    CidrBlock: vpc.cidr,
    Status: vpcState(vpc, world),
    IsDefault: vpc.isDefault,
    CreationTime: seconds(vpc.madeAt),
    VRouterId: vpc.vRouterId,
    ResourceGroupId: vpc.resourceGroupId,
    VSwitchIds: { VSwitchId: vswitchesOf(vpc, world).map(v => v.id) },
    RouterTableIds: { RouterTableIds: [vpc.routeTableId] },
    UserCidrs: { UserCidr: [] },
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    NatGatewayIds: { NatGatewayIds: [] },
    Tags: vpcTags(vpc),
  }
}

export function vswitchView(vswitch: VSwitch, world: World): Data {
  const size = 2 ** (32 - (parseBlock(vswitch.cidr)?.bits ?? 32)) - 4
  const used = [...world.instances.values()].filter(i => i.vswitchId === vswitch.id && !i.life.goneAt).length
  return {
    VSwitchId: vswitch.id,
    VSwitchName: vswitch.name,
    Description: vswitch.description,
    VpcId: vswitch.vpcId,
    ZoneId: vswitch.zone,
    CidrBlock: vswitch.cidr,
    Status: vswitchState(vswitch, world),
    IsDefault: vswitch.isDefault,
    AvailableIpAddressCount: size - used,
    CreationTime: seconds(vswitch.madeAt),
    ResourceGroupId: vswitch.resourceGroupId,
    RouteTable: { RouteTableId: world.vpcs.get(vswitch.vpcId)?.routeTableId ?? '', RouteTableType: 'System' },
    Tags: vpcTags(vswitch),
  }
}

export const DEFAULT_GROUP = 'rg-acfmkitdefault'

/** What a new thing is of which nothing was said. */
const plain = (prefix: string) => ({
  id: newId(prefix),
  name: '',
  description: '',
  isDefault: false,
  madeAt: Date.now(),
  tags: new Map<string, string>(),
  resourceGroupId: DEFAULT_GROUP,
})

export function addVpc(about: Pick<Vpc, 'region' | 'cidr'> & Partial<Vpc>, world: World): Vpc {
  const vpc: Vpc = {
    ...plain('vpc'),
    vRouterId: newId('vrt'),
    routeTableId: newId('vtb'),
    ...about,
  }
  world.vpcs.set(vpc.id, vpc)
  return vpc
}

export function addVSwitch(
  about: Pick<VSwitch, 'region' | 'zone' | 'cidr' | 'vpcId'> & Partial<VSwitch>,
  world: World,
): VSwitch {
  const vswitch: VSwitch = {
    ...plain('vsw'),
    ...about,
  }
  world.vswitches.set(vswitch.id, vswitch)
  return vswitch
}

export const DEFAULT_CIDR = '172.16.0.0/12'

/** What each zone's default vSwitch is. */
export const defaultCidr = (region: string, zone: string) =>
  `${addressOf((parseBlock(DEFAULT_CIDR)?.first ?? 0) + zonesOf(region).indexOf(zone) * 4096)}/20`

/** A default VPC, with a default vSwitch in the first two zones: the others get theirs when somebody asks. */
export function addDefaultVpc(region: string, world: World): void {
  const vpc = addVpc({ region, cidr: DEFAULT_CIDR, isDefault: true, madeAt: 0 }, world)
  for (const zone of zonesOf(region).slice(0, 2))
    addVSwitch({ region, zone, cidr: defaultCidr(region, zone), vpcId: vpc.id, isDefault: true, madeAt: 0 }, world)
}
