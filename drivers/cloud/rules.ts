/** What a security group lets in, whatever the cloud: the rules a machine needs, and whether those that are there will do. */
import { BlockList, isIPv6 } from 'node:net'
import type { Ranges } from './allow-cidr.ts'
import type { PortRange } from './ports.ts'

/** One port range, open to some addresses. */
export interface Rule extends PortRange {
  readonly ranges: Ranges
}

/** What a group lets in already. */
export interface Grant {
  /** undefined: every protocol, on all its ports. */
  readonly protocol: string | undefined
  readonly from: number
  readonly to: number
  /** Ranges of addresses; 'unknown': who is meant is not known here (a prefix list), and counts as everybody. */
  readonly ranges: readonly string[] | 'unknown'
  /** Ids of groups whose members are let in. */
  readonly groups: readonly string[]
}

const EVERYBODY: Ranges = { v4: ['0.0.0.0/0'], v6: ['::/0'] }
/** Swarm mode: managers, gossip, the overlay network. Between members of the group alone. */
export const SWARM_PORTS: readonly PortRange[] = [
  { protocol: 'tcp', from: 2377, to: 2377 },
  { protocol: 'tcp', from: 7946, to: 7946 },
  { protocol: 'udp', from: 7946, to: 7946 },
  { protocol: 'udp', from: 4789, to: 4789 },
]
/** What stands beside a rule we made. */
export const RULE_TEXT = 'opened by machine'

export interface Opening {
  readonly sshPort: number
  readonly enginePort: number
  /** Who reaches these two. */
  readonly ranges: Ranges
  /** Open to everybody. */
  readonly openPorts: readonly PortRange[]
}

/** What the machine must be reached by. */
export function wantedRules({ sshPort, enginePort, ranges, openPorts }: Opening): Rule[] {
  const ours = [...new Set([sshPort, enginePort])].map(port => ({
    protocol: 'tcp' as const,
    from: port,
    to: port,
    ranges,
  }))
  return [...ours, ...openPorts.map(port => ({ ...port, ranges: EVERYBODY }))]
}

/** Of these rules, what a group does not let in yet. */
export function missingRules(wanted: readonly Rule[], have: readonly Grant[]): Rule[] {
  return wanted.flatMap(rule => {
    const covering = have.filter(grant => coversPorts(grant, rule))
    const missing = (cidr: string) => !covering.some(grant => admits(grant, cidr))
    const ranges = { v4: rule.ranges.v4.filter(missing), v6: rule.ranges.v6.filter(missing) }
    return ranges.v4.length + ranges.v6.length > 0 ? [{ ...rule, ranges }] : []
  })
}

/** Of swarm mode's ports, those the group does not let its own members reach yet. */
export function missingSwarmPorts(groupId: string, have: readonly Grant[]): PortRange[] {
  return SWARM_PORTS.filter(port => !have.some(grant => coversPorts(grant, port) && grant.groups.includes(groupId)))
}

/** 'tcp 22 from 203.0.113.7/32' */
export function ruleText({ protocol, from, to, ranges }: Rule): string {
  const ports = from === to ? `${from}` : `${from}-${to}`
  return `${protocol} ${ports} from ${[...ranges.v4, ...ranges.v6].join(', ')}`
}

function coversPorts(grant: Grant, { protocol, from, to }: PortRange): boolean {
  if (grant.protocol === undefined) return true
  return grant.protocol === protocol && grant.from <= from && grant.to >= to
}

function admits({ ranges }: Grant, cidr: string): boolean {
  return ranges === 'unknown' || ranges.some(range => contains(range, cidr))
}

/** Whether all of the inner range lies in the outer one. */
export function contains(outer: string, inner: string): boolean {
  const [net = '', bits = ''] = outer.split('/')
  const [address = '', innerBits = ''] = inner.split('/')
  if (isIPv6(net) !== isIPv6(address) || Number(bits) > Number(innerBits)) return false
  const family = isIPv6(net) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(net, Number(bits), family)
  return list.check(address, family)
}
