/** Security groups and their rules. */
import type { Data } from '../../cloud/data.ts'
import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { askedFor, ecsTags, fits, matches, paged, readTags, within } from '../lists.ts'
import { found } from '../problem.ts'
import { readRule, rulesAsked, ruleView, sameRule } from '../rules.ts'
import { DEFAULT_GROUP, vpcOf, vpcState } from '../vpc-view.ts'
import { type Group, type Handlers, isOld, minutes, newId, type World } from '../world.ts'

export function groupOf(id: unknown, region: string, { groups, delays }: World): Group {
  const group = groups.get(String(id))
  return found(
    group?.region === region && isOld(group.madeAt, delays.groupUnseen) ? group : undefined,
    'InvalidSecurityGroupId.NotFound',
    'The specified SecurityGroupId does not exist.',
  )
}

/** Instances in a group; with `held` those too that are gone, but whose interface is not. */
const members = (group: Group, { instances, delays }: World, held = false) =>
  [...instances.values()].filter(
    i =>
      i.groupIds.includes(group.id) &&
      (i.life.goneAt === undefined || (held && !isOld(i.life.goneAt, delays.groupHeld))),
  )

function view(group: Group, world: World): Data {
  return {
    SecurityGroupId: group.id,
    SecurityGroupName: group.name,
    Description: group.description,
    SecurityGroupType: group.type,
    VpcId: group.vpcId,
    CreationTime: minutes(group.madeAt),
    EcsCount: members(group, world).length,
    AvailableInstanceAmount: 2000 - members(group, world).length,
    RuleCount: group.rules.length,
    ResourceGroupId: group.resourceGroupId,
    ServiceManaged: false,
    Tags: ecsTags(group),
  }
}

export const groups: Handlers = {
  CreateSecurityGroup({ parameters: p, region }, world) {
    refuseUnless(
      p.VpcId !== undefined,
      'MissingParameter',
      'The input parameter "VpcId" that is mandatory for processing this request is not supplied: classic networks are retired.',
    )
    const vpc = vpcOf(p.VpcId, region, world)
    refuseUnless(
      vpcState(vpc, world) === 'Available',
      'IncorrectVpcStatus',
      'Current VPC status does not support this operation.',
    )
    const count = [...world.groups.values()].filter(group => group.region === region).length
    refuseUnless(
      count < world.quotas.groups,
      'QuotaExceed.SecurityGroup',
      'The maximum number of security groups is reached.',
      403,
    )
    const tags = readTags(p.Tag)
    return () => {
      const id = newId('sg')
      world.groups.set(id, {
        id,
        region,
        tags,
        madeAt: Date.now(),
        name: String(p.SecurityGroupName ?? id),
        description: String(p.Description ?? ''),
        vpcId: vpc.id,
        type: String(p.SecurityGroupType ?? 'normal'),
        resourceGroupId: String(p.ResourceGroupId ?? DEFAULT_GROUP),
        rules: [],
      })
      return { SecurityGroupId: id }
    }
  },
  DescribeSecurityGroups(ask, world) {
    const { parameters: p, region } = ask
    const all = askedFor(world.groups, ask, group => ({
      SecurityGroupId: group.id,
      VpcId: group.vpcId,
      SecurityGroupType: group.type,
      NetworkType: 'vpc',
      ResourceGroupId: group.resourceGroupId,
    })).filter(
      group =>
        isOld(group.madeAt, world.delays.groupUnseen) &&
        within(p.SecurityGroupIds, group.id) &&
        (p.FuzzyQuery === true ? fits(p.SecurityGroupName, group.name) : matches(p, { SecurityGroupName: group.name })),
    )
    const { page, about } = paged(all, p, world)
    return () => ({ ...about, RegionId: region, SecurityGroups: { SecurityGroup: page.map(g => view(g, world)) } })
  },
  DescribeSecurityGroupAttribute({ parameters: p, region }, world) {
    const group = groupOf(p.SecurityGroupId, region, world)
    const rules = p.Direction === 'egress' ? [] : group.rules
    // As for all lists that have no PageNumber: without a token it is the first page.
    const all = p.NicType === 'internet' ? [] : rules
    const { page, about } =
      p.MaxResults === undefined && p.NextToken === undefined
        ? { page: all, about: { NextToken: '' } }
        : paged(all, p, world)
    return () => ({
      NextToken: about.NextToken ?? '',
      RegionId: region,
      SecurityGroupId: group.id,
      SecurityGroupName: group.name,
      Description: group.description,
      VpcId: group.vpcId,
      InnerAccessPolicy: 'Accept',
      Permissions: { Permission: page.map(ruleView) },
    })
  },
  AuthorizeSecurityGroup({ parameters: p, region }, world) {
    const group = groupOf(p.SecurityGroupId, region, world)
    const rules = rulesAsked(p).map(asked => readRule(asked, region, world))
    return () => {
      // A rule that is there already is no error, and is not added again.
      const fresh = rules.filter(rule => !group.rules.some(own => sameRule(own, rule)))
      refuseUnless(
        group.rules.length + fresh.length <= world.quotas.rulesPerGroup,
        'AuthorizationLimitExceed',
        'The limit of authorization records in the security group reaches.',
        403,
      )
      for (const rule of fresh)
        if (!group.rules.some(own => sameRule(own, rule)))
          group.rules.push({ ...rule, SecurityGroupRuleId: newId('sgr'), CreateTime: minutes(Date.now()) })
      return {}
    }
  },
  RevokeSecurityGroup({ parameters: p, region }, world) {
    const group = groupOf(p.SecurityGroupId, region, world)
    const ids = (p.SecurityGroupRuleId ?? []) as string[]
    const rules = ids.length > 0 ? [] : rulesAsked(p).map(asked => readRule(asked, region, world))
    return () => {
      group.rules = group.rules.filter(
        own => !ids.includes(String(own.SecurityGroupRuleId)) && !rules.some(rule => sameRule(own, rule)),
      )
      return {}
    }
  },
  DeleteSecurityGroup({ parameters: p, region }, world) {
    const group = groupOf(p.SecurityGroupId, region, world)
    if (members(group, world, true).length > 0)
      throw new Problem('DependencyViolation', 'There is still instance(s) in the specified security group.', 403)
    const others = [...world.groups.values()].filter(
      each => each.id !== group.id && each.rules.some(rule => rule.SourceGroupId === group.id),
    )
    refuseUnless(
      others.length === 0,
      'DependencyViolation',
      'The specified security group has been authorized in another one.',
      403,
    )
    return () => {
      world.groups.delete(group.id)
      return {}
    }
  },
}
