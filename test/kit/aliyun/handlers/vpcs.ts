/** VPCs and vSwitches. */

import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { type Block, contains, overlap, parseBlock } from '../cidr.ts'
import { askedFor, byNumber, matches, readTags, within } from '../lists.ts'
import { zonesOf } from '../offers.ts'
import { found, invalid, missing } from '../problem.ts'
import {
  addDefaultVpc,
  addVpc,
  addVSwitch,
  DEFAULT_CIDR,
  DEFAULT_GROUP,
  defaultCidr,
  vpcOf,
  vpcState,
  vpcView,
  vswitchesOf,
  vswitchOf,
  vswitchState,
  vswitchView,
} from '../vpc-view.ts'
import { type Handlers, isOld, minutes, type Vpc, type VSwitch, type World } from '../world.ts'
import { routesOf } from './routes.ts'

/** Blocks in which nobody may have a network. */
const RESERVED = ['100.64.0.0/10', '224.0.0.0/4', '127.0.0.0/8', '169.254.0.0/16'].map(parseBlock) as Block[]

function readBlock(text: unknown, least: number, most: number): Block {
  const block = parseBlock(String(text))
  if (!block || block.bits < least || block.bits > most || RESERVED.some(each => overlap(each, block)))
    throw invalid('CidrBlock', `a block of ${least} to ${most} bits, not a reserved one`, 'InvalidCidrBlock.Malformed')
  return block
}

function zoneOf(zone: unknown, region: string): string {
  return found(
    zonesOf(region).find(each => each === zone),
    'InvalidZoneId.NotFound',
    'The specified zone does not exist.',
  )
}

/** Who is in a vSwitch, or was until a moment ago. */
const isUsed = (vswitch: VSwitch, { instances, delays }: World) =>
  [...instances.values()].some(
    i => i.vswitchId === vswitch.id && !(i.life.goneAt !== undefined && isOld(i.life.goneAt, delays.groupHeld)),
  )

function checkAvailable(vpc: Vpc, world: World): void {
  refuseUnless(
    vpcState(vpc, world) === 'Available',
    'IncorrectVpcStatus',
    'Current VPC status does not support this operation.',
  )
}

const mine = (vpc: Vpc, { groups }: World) => [...groups.values()].filter(group => group.vpcId === vpc.id)
const made = (vpc: Vpc) => ({ VpcId: vpc.id, VRouterId: vpc.vRouterId, RouteTableId: vpc.routeTableId })

export const vpcs: Handlers = {
  CreateVpc({ parameters: p, region }, world) {
    const cidr = String(p.CidrBlock ?? DEFAULT_CIDR)
    readBlock(cidr, 8, 28)
    const count = [...world.vpcs.values()].filter(vpc => vpc.region === region).length
    refuseUnless(count < world.quotas.vpcs, 'QuotaExceeded.Vpc', 'The quota of VPC is exceeded.')
    const tags = readTags(p.Tag)
    return () =>
      made(
        addVpc(
          {
            region,
            cidr,
            name: String(p.VpcName ?? ''),
            description: String(p.Description ?? ''),
            tags,
            resourceGroupId: String(p.ResourceGroupId ?? DEFAULT_GROUP),
          },
          world,
        ),
      )
  },
  CreateDefaultVpc({ region }, world) {
    const before = [...world.vpcs.values()].find(vpc => vpc.region === region && vpc.isDefault)
    refuseUnless(!before, 'DefaultVpc.AlreadyExist', 'The default VPC already exists.')
    return () => {
      addDefaultVpc(region, world)
      const vpc = [...world.vpcs.values()].find(each => each.region === region && each.isDefault)
      return made(vpc as Vpc)
    }
  },
  DescribeVpcs(ask, world) {
    const { parameters: p } = ask
    const all = askedFor(world.vpcs, ask, vpc => ({
      IsDefault: vpc.isDefault,
      VpcName: vpc.name,
      ResourceGroupId: vpc.resourceGroupId,
    })).filter(vpc => within(p.VpcId, vpc.id))
    const { page, about } = byNumber(all, p)
    return () => ({ ...about, Vpcs: { Vpc: page.map(vpc => vpcView(vpc, world)) } })
  },
  DescribeVpcAttribute({ parameters: p, region }, world) {
    const vpc = vpcOf(p.VpcId, region, world)
    return () => vpcView(vpc, world)
  },
  DeleteVpc({ parameters: p, region }, world) {
    const vpc = vpcOf(p.VpcId, region, world)
    checkAvailable(vpc, world)
    const dependent = (kind: string) =>
      new Problem(`DependencyViolation.${kind}`, 'Specified object has dependent resources.')
    if (vswitchesOf(vpc, world).length > 0) throw dependent('VSwitch')
    if (routesOf(vpc, world).length > 0) throw dependent('RouteEntry')
    if (mine(vpc, world).length > 0) throw dependent('SecurityGroup')
    return () => {
      world.vpcs.delete(vpc.id)
      return {}
    }
  },
  CreateVSwitch({ parameters: p, region }, world) {
    const zone = zoneOf(p.ZoneId, region)
    const vpc = vpcOf(p.VpcId, region, world)
    checkAvailable(vpc, world)
    if (p.CidrBlock === undefined) throw missing('CidrBlock')
    const block = readBlock(p.CidrBlock, 16, 29)
    refuseUnless(
      contains(parseBlock(vpc.cidr) as Block, block),
      'InvalidParameter',
      'Specified CIDR block is not valid in VPC.',
    )
    const there = vswitchesOf(vpc, world)
    refuseUnless(
      ![...there, ...routesOf(vpc, world)].some(each => overlap(parseBlock(each.cidr) as Block, block)),
      'InvalidCidrBlock.Overlapped',
      'Specified CIDR block overlapped with other subnets.',
    )
    refuseUnless(there.length < world.quotas.vswitchesPerVpc, 'QuotaExceeded.VSwitch', 'VSwitch quota exceeded.')
    const tags = readTags(p.Tag)
    return () => ({
      VSwitchId: addVSwitch(
        {
          region,
          zone,
          cidr: String(p.CidrBlock),
          vpcId: vpc.id,
          name: String(p.VSwitchName ?? ''),
          description: String(p.Description ?? ''),
          tags,
        },
        world,
      ).id,
    })
  },
  CreateDefaultVSwitch({ parameters: p, region }, world) {
    const zone = zoneOf(p.ZoneId, region)
    const vpc = found(
      [...world.vpcs.values()].find(each => each.region === region && each.isDefault),
      'InvalidDefaultVpc.NotFound',
      'The default VPC does not exist.',
    )
    refuseUnless(
      !vswitchesOf(vpc, world).some(each => each.zone === zone && each.isDefault),
      'DefaultVSwitch.AlreadyExist',
      'The default VSwitch of the zone already exists.',
    )
    return () => ({
      VSwitchId: addVSwitch({ region, zone, cidr: defaultCidr(region, zone), vpcId: vpc.id, isDefault: true }, world)
        .id,
    })
  },
  DescribeVSwitches(ask, world) {
    const all = askedFor(world.vswitches, ask, each => ({
      VSwitchId: each.id,
      VpcId: each.vpcId,
      ZoneId: each.zone,
      IsDefault: each.isDefault,
      VSwitchName: each.name,
      ResourceGroupId: each.resourceGroupId,
    }))
    const { page, about } = byNumber(all, ask.parameters)
    return () => ({ ...about, VSwitches: { VSwitch: page.map(each => vswitchView(each, world)) } })
  },
  DescribeVSwitchAttributes({ parameters: p, region }, world) {
    const vswitch = vswitchOf(p.VSwitchId, region, world)
    return () => vswitchView(vswitch, world)
  },
  DeleteVSwitch({ parameters: p, region }, world) {
    const vswitch = vswitchOf(p.VSwitchId, region, world)
    refuseUnless(
      vswitchState(vswitch, world) === 'Available',
      'IncorrectVSwitchStatus',
      'Current VSwitch status does not support this operation.',
    )
    refuseUnless(!isUsed(vswitch, world), 'DependencyViolation', 'Specified object has dependent resources.')
    return () => {
      world.vswitches.delete(vswitch.id)
      return {}
    }
  },
  DescribeVRouters({ parameters: p, region }, world) {
    const all = [...world.vpcs.values()].filter(
      vpc => vpc.region === region && matches(p, { VRouterId: vpc.vRouterId }),
    )
    const { page, about } = byNumber(all, p)
    return () => ({
      ...about,
      VRouters: {
        VRouter: page.map(vpc => ({
          VRouterId: vpc.vRouterId,
          VpcId: vpc.id,
          RegionId: region,
          VRouterName: '',
          Description: '',
          CreationTime: minutes(vpc.madeAt),
          RouteTableIds: { RouteTableId: [vpc.routeTableId] },
        })),
      },
    })
  },
}
