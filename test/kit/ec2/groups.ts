/** Security groups: in use or not, quotas, duplicates, and rules all or none. moto lets a group in use be deleted. */
import { isIP } from 'node:net'
import type { IpPermission, NetworkInterface, SecurityGroup } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { checkTagList } from './launch-rules.ts'
import { type Ask, type Handler, type Handlers, isOld, type World } from './world.ts'

async function readGroups(region: string, world: World, parameters: object = {}): Promise<SecurityGroup[]> {
  return (
    (await world.moto.call<{ SecurityGroups?: SecurityGroup[] }>(region, 'DescribeSecurityGroups', parameters))
      .SecurityGroups ?? []
  )
}

async function findGroup(ask: Ask, world: World): Promise<SecurityGroup> {
  const { GroupId: id, GroupName: name } = ask.parameters as { GroupId?: string; GroupName?: string }
  refuseUnless(id ?? name, 'MissingParameter', 'The request must contain the parameter groupName or groupId')
  refuseUnless(
    id === undefined || /^sg-[0-9a-f]{8,17}$/.test(id),
    'InvalidGroupId.Malformed',
    `Invalid id: "${id}" (expecting "sg-...")`,
  )
  const all = await readGroups(ask.region, world)
  const vpc = await defaultVpc(ask.region, world)
  const group = all.find(g => (id === undefined ? g.GroupName === name && g.VpcId === vpc : g.GroupId === id))
  refuseUnless(
    group && isOld(group.GroupId ?? '', world.delays.groupUnseen, world),
    'InvalidGroup.NotFound',
    `The security group '${id ?? name}' does not exist`,
  )
  return group
}

async function defaultVpc(region: string, world: World): Promise<string | undefined> {
  const found = await world.moto.call<{ Vpcs?: { VpcId: string }[] }>(region, 'DescribeVpcs', {
    Filters: [{ Name: 'is-default', Values: ['true'] }],
  })
  return found.Vpcs?.[0]?.VpcId
}

const create: Handler = async (ask, world) => {
  const {
    GroupName: name = '',
    Description: description = '',
    VpcId: vpc,
  } = ask.parameters as Record<string, string | undefined>
  refuseUnless(
    !/^sg-/i.test(name),
    'InvalidParameterValue',
    `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
  )
  refuseUnless(name !== 'default', 'InvalidParameterValue', 'Cannot use reserved security group name: default')
  for (const [what, text] of [
    ['GroupName', name],
    ['GroupDescription', description],
  ] as const)
    refuseUnless(
      text !== '' && text.length <= 255 && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]+$/.test(text),
      'InvalidParameterValue',
      `Value (${text}) for parameter ${what} is invalid. Character sets beyond ASCII are not supported.`,
    )
  for (const spec of (ask.parameters.TagSpecifications ?? []) as unknown as { ResourceType: string; Tags?: [] }[]) {
    refuseUnless(
      spec.ResourceType === 'security-group',
      'InvalidParameterValue',
      `'${spec.ResourceType}' is not a valid taggable resource type for this operation.`,
    )
    checkTagList(spec.Tags ?? [])
  }
  const place = vpc ?? (await defaultVpc(ask.region, world))
  refuseUnless(place, 'VPCIdNotSpecified', 'No default VPC for this user')
  const own = (await readGroups(ask.region, world)).filter(g => g.VpcId === place)
  refuseUnless(
    !own.some(g => g.GroupName === name),
    'InvalidGroup.Duplicate',
    `The security group '${name}' already exists for VPC '${place}'`,
  )
  refuseUnless(
    own.length < world.quotas.groupsPerVpc,
    'SecurityGroupLimitExceeded',
    'The maximum number of security groups for this VPC has been reached.',
  )
  return async () => {
    const answer = await world.moto.call<{ GroupId: string }>(ask.region, ask.action, ask.parameters)
    world.madeAt.set(answer.GroupId, Date.now())
    return answer as Data
  }
}

const describe: Handler = async (ask, world) => {
  const isOne = (g: SecurityGroup) => isOld(g.GroupId ?? '', world.delays.groupUnseen, world)
  const found = await readGroups(ask.region, world, { ...ask.parameters, DryRun: undefined })
  for (const wanted of [
    ...((ask.parameters.GroupIds ?? []) as string[]),
    ...((ask.parameters.GroupNames ?? []) as string[]),
  ])
    refuseUnless(
      found.some(g => (g.GroupId === wanted || g.GroupName === wanted) && isOne(g)),
      'InvalidGroup.NotFound',
      `The security group '${wanted}' does not exist`,
    )
  return async () => ({ SecurityGroups: found.filter(isOne) as unknown as Data[] })
}

const remove: Handler = async (ask, world) => {
  const group = await findGroup(ask, world)
  refuseUnless(
    group.GroupName !== 'default',
    'CannotDelete',
    `the specified group: "${group.GroupId}" name: "default" cannot be deleted by a user`,
  )
  const { NetworkInterfaces: nics = [] } = await world.moto.call<{ NetworkInterfaces?: NetworkInterface[] }>(
    ask.region,
    'DescribeNetworkInterfaces',
  )
  const used = nics.some(nic => nic.Groups?.some(g => g.GroupId === group.GroupId))
  const others = (await readGroups(ask.region, world)).filter(g => g.GroupId !== group.GroupId)
  const named = others.some(g =>
    [...(g.IpPermissions ?? []), ...(g.IpPermissionsEgress ?? [])].some(p =>
      p.UserIdGroupPairs?.some(pair => pair.GroupId === group.GroupId),
    ),
  )
  if (used || named) throw new Problem('DependencyViolation', `resource ${group.GroupId} has a dependent object`)
  return () => world.moto.call(ask.region, ask.action, { GroupId: group.GroupId })
}

/** One rule as a line of text: what makes it the same as another. */
function rulesOf({ IpProtocol: protocol = '', FromPort: from, ToPort: to, ...p }: IpPermission): string[] {
  const head = `${PROTOCOLS[protocol] ?? protocol} ${protocol === '-1' ? '' : `${from ?? -1}-${to ?? -1}`}`
  return [
    ...(p.IpRanges ?? []).map(r => `${head} ${r.CidrIp}`),
    ...(p.Ipv6Ranges ?? []).map(r => `${head} ${r.CidrIpv6?.toLowerCase()}`),
    ...(p.UserIdGroupPairs ?? []).map(r => `${head} ${r.GroupId ?? r.GroupName}`),
    ...(p.PrefixListIds ?? []).map(r => `${head} ${r.PrefixListId}`),
  ]
}
const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' }

/** The permissions of the request, also when given by the old single parameters. */
function permissionsOf(ask: Ask): IpPermission[] {
  const { IpPermissions, IpProtocol, FromPort, ToPort, CidrIp } = ask.parameters as Record<string, unknown>
  if (IpPermissions) return IpPermissions as IpPermission[]
  if (!IpProtocol && !CidrIp) return []
  return [{ IpProtocol, FromPort, ToPort, IpRanges: CidrIp ? [{ CidrIp }] : [] } as IpPermission]
}

function checkCidr(cidr: string | undefined, version: 4 | 6): void {
  const [address = '', length = ''] = (cidr ?? '').split('/')
  const sound = isIP(address) === version && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128)
  const number = version === 4 ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : 0
  // With host bits set it is malformed too.
  const clean = number % 2 ** (32 - Number(length)) === 0
  refuseUnless(sound && clean, 'InvalidParameterValue', `CIDR block ${cidr} is malformed`)
}

function checkPermission(p: IpPermission): void {
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = p
  refuseUnless(protocol, 'MissingParameter', 'The request must contain the parameter ipProtocol')
  const name = PROTOCOLS[protocol] ?? protocol
  refuseUnless(
    /^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/.test(name),
    'InvalidParameterValue',
    `Invalid value '${protocol}' for IP protocol. Unknown protocol.`,
  )
  if (name === 'tcp' || name === 'udp') {
    refuseUnless(
      from !== undefined && to !== undefined,
      'InvalidParameterValue',
      `Invalid value 'Must specify both from and to ports with ${name.toUpperCase()}/UDP.' for portRange.`,
    )
    refuseUnless(
      from >= 0 && to <= 65_535 && from <= to,
      'InvalidParameterValue',
      `Invalid value for portRange: from port (${from}) and to port (${to}) must be in order and between 0 and 65535.`,
    )
  }
  for (const r of p.IpRanges ?? []) checkCidr(r.CidrIp, 4)
  for (const r of p.Ipv6Ranges ?? []) checkCidr(r.CidrIpv6, 6)
  for (const r of [...(p.IpRanges ?? []), ...(p.Ipv6Ranges ?? []), ...(p.UserIdGroupPairs ?? [])])
    refuseUnless(
      r.Description === undefined || /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(r.Description),
      'InvalidParameterValue',
      `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
    )
  refuseUnless(
    rulesOf(p).length > 0,
    'MissingParameter',
    'The request must contain the parameter ipRanges, ipv6Ranges, prefixListIds or groups',
  )
}

const authorize: Handler = async (ask, world) => {
  const group = await findGroup(ask, world)
  const asked = permissionsOf(ask)
  refuseUnless(asked.length > 0, 'MissingParameter', 'The request must contain the parameter ipPermissions')
  for (const permission of asked) checkPermission(permission)
  const ingress = ask.action.endsWith('Ingress')
  const present = ((ingress ? group.IpPermissions : group.IpPermissionsEgress) ?? []).flatMap(rulesOf)
  const wanted = asked.flatMap(rulesOf)
  for (const [i, rule] of wanted.entries()) {
    const twice = present.includes(rule) || wanted.indexOf(rule) !== i
    if (twice)
      throw new Problem(
        twice && !present.includes(rule) ? 'InvalidParameterValue' : 'InvalidPermission.Duplicate',
        `the specified rule "peer: ${rule.split(' ').at(-1)}, ${rule}, ALLOW" already exists`,
      )
  }
  const groups = await readGroups(ask.region, world)
  for (const pair of asked.flatMap(p => p.UserIdGroupPairs ?? []))
    refuseUnless(
      groups.some(g => g.GroupId === pair.GroupId || g.GroupName === pair.GroupName),
      'InvalidGroup.NotFound',
      `You have specified two resources that belong to different networks, or the security group '${pair.GroupId ?? pair.GroupName}' does not exist`,
    )
  refuseUnless(
    present.length + wanted.length <= world.quotas.rulesPerGroup,
    'RulesPerSecurityGroupLimitExceeded',
    'The maximum number of rules per security group has been reached.',
  )
  return () =>
    world.moto.call(ask.region, ask.action, { ...ask.parameters, GroupId: group.GroupId, GroupName: undefined })
}

export const groupHandlers: Handlers = {
  CreateSecurityGroup: create,
  DescribeSecurityGroups: describe,
  DeleteSecurityGroup: remove,
  AuthorizeSecurityGroupIngress: authorize,
  AuthorizeSecurityGroupEgress: authorize,
}
