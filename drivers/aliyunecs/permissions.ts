/** Rules of a security group in ECS's form, and back. */
import { type Grant, RULE_TEXT, type Rule } from '../cloud/rules.ts'
import type { Permission, SeenPermission } from './ecs-actions.ts'

/** One each for a range of addresses: ECS has no lists of them. */
export function permissionsOf(rules: readonly Rule[]): Permission[] {
  return rules.flatMap(({ protocol, from, to, ranges }) => {
    const common = {
      IpProtocol: protocol.toUpperCase(),
      PortRange: `${from}/${to}`,
      Policy: 'accept' as const,
      Priority: '1',
      Description: RULE_TEXT,
    }
    return [
      ...ranges.v4.map(SourceCidrIp => ({ ...common, SourceCidrIp })),
      ...ranges.v6.map(Ipv6SourceCidrIp => ({ ...common, Ipv6SourceCidrIp })),
    ]
  })
}

/** What is dropped is no grant; nor is what goes out. */
export function grantsOf(seen: readonly SeenPermission[]): Grant[] {
  const inward = seen.filter(p => !/egress/i.test(p.Direction ?? '') && !/drop/i.test(p.Policy ?? ''))
  return inward.map(p => {
    const [from = '-1', to = from] = (p.PortRange ?? '').split('/')
    const protocol = (p.IpProtocol ?? '').toLowerCase()
    const whole = Number(from) < 0
    return {
      protocol: protocol === 'all' || protocol === '' || protocol === '-1' ? undefined : protocol,
      from: whole ? 0 : Number(from),
      to: whole ? 65_535 : Number(to),
      ranges: p.SourcePrefixListId
        ? 'unknown'
        : [p.SourceCidrIp ?? '', p.Ipv6SourceCidrIp ?? ''].filter(range => range !== '').map(withLength),
      groups: p.SourceGroupId ? [p.SourceGroupId] : [],
    }
  })
}

/** ECS keeps one address without its /32. */
function withLength(range: string): string {
  if (range.includes('/')) return range
  return `${range}/${range.includes(':') ? 128 : 32}`
}
