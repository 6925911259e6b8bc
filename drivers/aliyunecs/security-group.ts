/**
 * Security groups: found, or made with the store's mark. Those that carry a mark of this program's get the rules a machine
 * needs; others are their owner's and stay as they are.
 */
import { randomUUID } from 'node:crypto'
import { MachineError } from '../../src/errors.ts'
import { missingRules, type Rule, ruleText } from '../cloud/rules.ts'
import type { CreateCtx, Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import type { SeenGroup } from './ecs-actions.ts'
import { allByToken } from './pages.ts'
import { grantsOf, permissionsOf } from './permissions.ts'
import type { Settings } from './settings.ts'
import { earliest } from './shared.ts'
import type { State } from './state.ts'
import { sharedTags, TAG_MADE, TAG_STORE, tagList, tagsOf } from './tags.ts'
import { untilKnown } from './waits.ts'

/** The old driver's text. */
const DESCRIPTION = 'Docker Machine'

export interface Group {
  readonly id: string
  readonly name: string
  readonly vpcId: string
  /** The store that made it; undefined: not made by this program. */
  readonly store: string | undefined
  readonly made: string
}

/** The group of this name or id in the VPC; undefined where no group has the name. Throws for an id that is not there. */
export async function findGroup(ecs: Ecs, wanted: string, vpcId: string): Promise<Group | undefined> {
  const byId = /^sg-[0-9a-z]+$/.test(wanted)
  const found = await where(ecs, byId ? { SecurityGroupId: wanted } : { VpcId: vpcId, SecurityGroupName: wanted })
  const here = found.filter(group => group.vpcId === vpcId && (byId || group.name === wanted))
  if (byId && here.length === 0)
    throw new MachineError('ECS_NO_GROUP', `there is no security group ${wanted} in VPC ${vpcId}`, {
      hints: ['check --aliyunecs-security-group, --aliyunecs-vpc-id and --aliyunecs-region'],
    })
  return here.sort((a, b) => a.made.localeCompare(b.made) || a.id.localeCompare(b.id))[0]
}

/** Every group this store made in the region. */
export async function groupsOfStore(ecs: Ecs, storeId: string): Promise<Group[]> {
  return await where(ecs, { Tag: tagList({ [TAG_STORE]: storeId }) })
}

/** Makes the group; where another create was quicker, its one is taken. */
export async function makeGroup(ecs: Ecs, s: Settings, state: State, ctx: CreateCtx<State>): Promise<Group> {
  const { VpcId } = state
  const ClientToken = randomUUID()
  // The time in its tags decides whose group it is: it must be that of the try which makes it.
  const input = () => ({
    SecurityGroupName: s.group,
    Description: DESCRIPTION,
    VpcId,
    ...(s.resourceGroup ? { ResourceGroupId: s.resourceGroup } : {}),
    ClientToken,
    Tag: tagList(sharedTags(s.tags, ctx.storeId)),
  })
  const { SecurityGroupId = '' } = await untilKnown(/^InvalidVpc/, ctx.signal, () =>
    ecs.call('CreateSecurityGroup', input),
  )
  state.SecurityGroupId = SecurityGroupId
  await ctx.checkpoint(state)
  ctx.point('ecs security group made')
  const group = await earliest<Group>(
    SecurityGroupId,
    {
      look: async () =>
        (await where(ecs, { VpcId, SecurityGroupName: s.group })).filter(each => each.store === ctx.storeId),
      idOf: each => each.id,
      madeOf: each => each.made,
      ready: () => true,
      drop: async id => void (await ecs.call('DeleteSecurityGroup', { SecurityGroupId: id })),
    },
    ctx,
  )
  return group ?? { id: SecurityGroupId, name: s.group, vpcId: VpcId, store: ctx.storeId, made: '' }
}

/** Lets in what a group of ours lacks; a rule that is there already is no error to ECS. `fresh`: it has none yet. */
export async function openGroup(
  ecs: Ecs,
  group: Group,
  wanted: readonly Rule[],
  fresh: boolean,
  ctx: Ctx,
): Promise<void> {
  const missing = missingRules(wanted, fresh ? [] : await grantsIn(ecs, group))
  if (missing.length === 0) return
  const Permissions = permissionsOf(missing)
  await untilKnown(/^InvalidSecurityGroup/, ctx.signal, () =>
    ecs.call('AuthorizeSecurityGroup', { SecurityGroupId: group.id, Permissions, ClientToken: randomUUID() }),
  )
  ctx.point('ecs security group opened')
}

/** A warning with what the group does not let in, where it is not ours to change. */
export async function tellClosed(
  ecs: Ecs,
  group: Group,
  wanted: readonly Rule[],
  ctx: Pick<Ctx, 'say'>,
): Promise<void> {
  const closed = missingRules(wanted, await grantsIn(ecs, group))
  if (closed.length === 0) return
  ctx.say({
    type: 'warn',
    text: `security group ${group.name} (${group.id}) is left as it is, because this program did not make it, and lacks: ${closed.map(ruleText).join('; ')}`,
  })
}

async function grantsIn(ecs: Ecs, group: Group) {
  const input = { SecurityGroupId: group.id, Direction: 'ingress' as const }
  return grantsOf(await allByToken(ecs, 'DescribeSecurityGroupAttribute', input, page => page.Permissions?.Permission))
}

async function where(
  ecs: Ecs,
  filter: Parameters<typeof allByToken<'DescribeSecurityGroups', SeenGroup>>[2],
): Promise<Group[]> {
  const seen = await allByToken(ecs, 'DescribeSecurityGroups', filter, page => page.SecurityGroups?.SecurityGroup)
  return seen.map(toGroup)
}

function toGroup(group: SeenGroup): Group {
  const { SecurityGroupId: id = '', SecurityGroupName: name = '', VpcId: vpcId = '', CreationTime = '' } = group
  const tags = tagsOf(group)
  return { id, name, vpcId, store: tags[TAG_STORE], made: tags[TAG_MADE] ?? CreationTime }
}
