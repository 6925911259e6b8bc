/**
 * Security groups: found, or made with the store's mark. Those that carry a mark of this program's get the rules a machine
 * needs; others are their owner's and stay as they are.
 */
import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2'
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { type Rule, ruleText } from '../cloud/rules.ts'
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'
import { missingRules, missingSwarm, permissionsOf } from './rules.ts'
import { TAG_STORE, tagList, tagsOf } from './tags.ts'
import { CONSISTENT_MS, untilKnown } from './waits.ts'

/** Docker Machine's text. */
const DESCRIPTION = 'Docker Machine'

export interface Group {
  readonly id: string
  readonly name: string
  /** The store that made it; undefined: not made by this program. */
  readonly store: string | undefined
  readonly permissions: readonly IpPermission[]
}

export interface FoundGroups {
  readonly found: readonly Group[]
  /** Names that no group of the VPC has. */
  readonly missing: readonly string[]
}

/** The groups of these names or ids in the VPC. Throws for an id that is not there. */
export async function findGroups(ec2: Ec2, wanted: readonly string[], vpcId: string): Promise<FoundGroups> {
  const ids = wanted.filter(isId)
  const names = wanted.filter(word => !isId(word))
  const byName = names.length > 0 ? await where(ec2, [filter('group-name', names), filter('vpc-id', [vpcId])]) : []
  const byId = ids.length > 0 ? await where(ec2, [filter('group-id', ids), filter('vpc-id', [vpcId])]) : []
  const lost = ids.find(id => !byId.some(group => group.id === id))
  if (lost !== undefined)
    throw new MachineError('EC2_NO_GROUP', `there is no security group ${lost} in VPC ${vpcId}`, {
      hints: ['check --amazonec2-security-group, --amazonec2-vpc-id and --amazonec2-region'],
    })
  const missing = names.filter(name => !byName.some(group => group.name === name))
  return { found: [...byName, ...byId], missing }
}

/** Every group this store made in the region, or in one VPC under one of these names. */
export async function groupsOfStore(
  ec2: Ec2,
  storeId: string,
  at?: { vpcId: string; names: readonly string[] },
): Promise<Group[]> {
  const here = at ? [filter('vpc-id', [at.vpcId]), filter('group-name', [...at.names])] : []
  return await where(ec2, [filter(`tag:${TAG_STORE}`, [storeId]), ...here])
}

/** Makes the group; where somebody else was quicker, theirs is taken. */
export async function makeGroup(ec2: Ec2, name: string, vpcId: string, ctx: Ctx): Promise<Group> {
  const tags = { Name: name, [TAG_STORE]: ctx.storeId }
  try {
    const made = await ec2.call('CreateSecurityGroup', {
      GroupName: name,
      Description: DESCRIPTION,
      VpcId: vpcId,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
    })
    ctx.point('ec2 security group made')
    return { id: made.GroupId ?? '', name, store: ctx.storeId, permissions: [] }
  } catch (error) {
    if (providerCode(error) !== 'InvalidGroup.Duplicate') throw error
    const look = async () => (await findGroups(ec2, [name], vpcId)).found[0]
    const theirs = await waitFor(look, { signal: ctx.signal, deadlineMs: CONSISTENT_MS })
    if (theirs === undefined) throw error
    return theirs
  }
}

/** Lets in what a group of ours lacks; rules that are there already, or come from somebody at the same time, are fine. */
export async function openGroup(ec2: Ec2, group: Group, wanted: readonly Rule[], ctx: Ctx): Promise<void> {
  const missing = lacking(group, wanted)
  if (missing.length === 0) return
  const authorise = (IpPermissions: IpPermission[]) =>
    untilKnown(['InvalidGroup.NotFound'], ctx.signal, () =>
      ec2.call('AuthorizeSecurityGroupIngress', { GroupId: group.id, IpPermissions }),
    )
  const tolerated = (error: unknown) => {
    if (providerCode(error) !== 'InvalidPermission.Duplicate') throw error
  }
  try {
    await authorise(missing)
  } catch (error) {
    // All or nothing: somebody added one of them meanwhile, and most likely all. What is not there then goes one by one.
    tolerated(error)
    const [now = group] = await where(ec2, [filter('group-id', [group.id])])
    for (const permission of lacking(now, wanted).flatMap(apart)) await authorise([permission]).catch(tolerated)
  }
  ctx.point('ec2 security group opened')
}

function lacking(group: Group, wanted: readonly Rule[]): IpPermission[] {
  const open = permissionsOf(missingRules(wanted, group.permissions))
  return [...open, ...missingSwarm(group.id, group.permissions)]
}

/** A warning with what the groups do not let in, where none of them is ours to change. */
export function tellClosed(groups: readonly Group[], wanted: readonly Rule[], ctx: Pick<Ctx, 'say'>): void {
  const closed = missingRules(
    wanted,
    groups.flatMap(group => group.permissions),
  )
  if (closed.length === 0) return
  const names = groups.map(group => `${group.name} (${group.id})`).join(', ')
  ctx.say({
    type: 'warn',
    text: `security group ${names} is left as it is, because this program did not make it, and lacks: ${closed.map(ruleText).join('; ')}`,
  })
}

/** One range each, so that one that is there already keeps no other out. */
function apart(permission: IpPermission): IpPermission[] {
  const { IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [], ...ports } = permission
  return [
    ...IpRanges.map(range => ({ ...ports, IpRanges: [range] })),
    ...Ipv6Ranges.map(range => ({ ...ports, Ipv6Ranges: [range] })),
    ...UserIdGroupPairs.map(pair => ({ ...ports, UserIdGroupPairs: [pair] })),
  ]
}

async function where(ec2: Ec2, Filters: { Name: string; Values: string[] }[]): Promise<Group[]> {
  const { SecurityGroups = [] } = await ec2.call('DescribeSecurityGroups', { Filters })
  return SecurityGroups.map(toGroup)
}

function toGroup(group: SecurityGroup): Group {
  const { GroupId: id = '', GroupName: name = '', IpPermissions: permissions = [] } = group
  return { id, name, store: tagsOf(group)[TAG_STORE], permissions }
}

function filter(Name: string, Values: string[]) {
  return { Name, Values }
}

function isId(word: string): boolean {
  return /^sg-[0-9a-f]+$/.test(word)
}
