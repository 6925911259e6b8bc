/** Rules of a security group in EC2's form, and back: see cloud/rules.ts for what a machine needs. */
import type { IpPermission } from '@aws-sdk/client-ec2'
import * as shared from '../cloud/rules.ts'
import { type Grant, missingSwarmPorts, RULE_TEXT, type Rule } from '../cloud/rules.ts'

/** Of these rules, what the permissions of a group do not let in yet. */
export function missingRules(wanted: readonly Rule[], have: readonly IpPermission[]): Rule[] {
  return shared.missingRules(wanted, have.map(grantOf))
}

/** As the API takes them. */
export function permissionsOf(rules: readonly Rule[]): IpPermission[] {
  return rules.map(({ protocol, from, to, ranges }) => ({
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    ...(ranges.v4.length > 0 ? { IpRanges: ranges.v4.map(CidrIp => ({ CidrIp, Description: RULE_TEXT })) } : {}),
    ...(ranges.v6.length > 0 ? { Ipv6Ranges: ranges.v6.map(CidrIpv6 => ({ CidrIpv6, Description: RULE_TEXT })) } : {}),
  }))
}

/** Of swarm mode's ports, what the group does not let its own members reach yet. */
export function missingSwarm(groupId: string, have: readonly IpPermission[]): IpPermission[] {
  return missingSwarmPorts(groupId, have.map(grantOf)).map(({ protocol, from, to }) => ({
    IpProtocol: protocol,
    FromPort: from,
    ToPort: to,
    UserIdGroupPairs: [{ GroupId: groupId, Description: RULE_TEXT }],
  }))
}

function grantOf(permission: IpPermission): Grant {
  const { IpProtocol, FromPort = 0, ToPort = 65_535, IpRanges = [], Ipv6Ranges = [] } = permission
  return {
    protocol: IpProtocol === '-1' ? undefined : IpProtocol,
    from: FromPort,
    to: ToPort,
    // Who is in a prefix list is not known here.
    ranges:
      (permission.PrefixListIds ?? []).length > 0
        ? 'unknown'
        : [...IpRanges.flatMap(range => range.CidrIp ?? []), ...Ipv6Ranges.flatMap(range => range.CidrIpv6 ?? [])],
    groups: (permission.UserIdGroupPairs ?? []).flatMap(pair => pair.GroupId ?? []),
  }
}
