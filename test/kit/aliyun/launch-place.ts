/** Where a launch goes: vSwitch, groups, address, and whether there is room for it. */
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { holds, parseBlock, usable } from './cidr.ts'
import { groupOf } from './handlers/groups.ts'
import { zonesOf } from './offers.ts'
import { found, invalid, missing } from './problem.ts'
import { vswitchOf, vswitchState } from './vpc-view.ts'
import type { VSwitch, World } from './world.ts'

export interface Place {
  readonly vswitch: VSwitch
  readonly groupIds: string[]
}

export function findPlace(p: Data, region: string, world: World): Place {
  if (p.ZoneId !== undefined)
    found(
      zonesOf(region).find(zone => zone === p.ZoneId),
      'InvalidZoneId.NotFound',
      'The specified ZoneId does not exist.',
    )
  const one = p.SecurityGroupId
  const several = (p.SecurityGroupIds ?? []) as string[]
  refuseUnless(
    one === undefined || several.length === 0,
    'InvalidParameter.Conflict',
    'SecurityGroupId and SecurityGroupIds.N cannot be given together.',
  )
  const ids = one === undefined ? several : [String(one)]
  if (ids.length === 0) throw missing('SecurityGroupId')
  // Classic networks are retired: what has no vSwitch has no place.
  if (p.VSwitchId === undefined) throw missing('VSwitchId')
  const groups = ids.map(id => groupOf(id, region, world))
  const vswitch = vswitchOf(p.VSwitchId, region, world)
  refuseUnless(
    vswitchState(vswitch, world) === 'Available',
    'IncorrectVSwitchStatus',
    'The current status of the virtual switch does not support this operation.',
  )
  refuseUnless(
    p.ZoneId === undefined || p.ZoneId === vswitch.zone,
    'InvalidParameter.Mismatch',
    'The specified zone and the zone of the virtual switch are not the same.',
  )
  refuseUnless(
    groups.every(group => group.vpcId === vswitch.vpcId),
    'InvalidParameter.Mismatch',
    'The specified security group and virtual switch are not in the same VPC.',
  )
  if (p.PrivateIpAddress !== undefined) checkAddress(String(p.PrivateIpAddress), vswitch, world)
  return { vswitch, groupIds: ids }
}

const taken = (vswitch: VSwitch, { instances }: World) =>
  new Set([...instances.values()].filter(i => i.vswitchId === vswitch.id && !i.life.goneAt).map(i => i.privateAddress))

function checkAddress(address: string, vswitch: VSwitch, world: World): void {
  const block = parseBlock(vswitch.cidr)
  if (!block || !holds(block, address))
    throw invalid('PrivateIpAddress', `not in ${vswitch.cidr}`, 'InvalidPrivateIpAddress')
  if (taken(vswitch, world).has(address))
    throw new Problem('InvalidPrivateIpAddress.Duplicated', 'Specified private IP address is duplicated.')
}

export function freeAddress(vswitch: VSwitch, world: World): string {
  const used = taken(vswitch, world)
  const block = parseBlock(vswitch.cidr)
  if (block) for (const address of usable(block)) if (!used.has(address)) return address
  throw new Problem('QuotaExceeded.PrivateIpAddress', 'There is not enough private ip in the specified VSwitch.')
}
