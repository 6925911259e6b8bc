/** Rules of security groups: whether one is whole, and when two are the same. */
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { invalid, missing } from './problem.ts'
import type { World } from './world.ts'

const SOURCES = ['SourceCidrIp', 'SourceGroupId', 'Ipv6SourceCidrIp', 'SourcePrefixListId'] as const
const FLAT = [
  'IpProtocol',
  'PortRange',
  'NicType',
  'Policy',
  'Priority',
  'Description',
  'DestCidrIp',
  ...SOURCES,
] as const

/** The rules of a request: `Permissions.N`, or one in the old way, whose words stand at the top. */
export function rulesAsked(p: Data): Data[] {
  const flat = Object.fromEntries(FLAT.filter(name => p[name] !== undefined).map(name => [name, p[name]])) as Data
  const list = (p.Permissions ?? []) as Data[]
  refuseUnless(
    list.length === 0 || Object.keys(flat).length === 0,
    'InvalidParameter.Conflict',
    'A rule is given both in Permissions and beside it.',
  )
  // Old clients name an interface kind of the classic network; in a VPC it says nothing.
  if (list.length === 0) return [{ ...flat, NicType: 'intranet' }]
  return list
}

/** One rule as it is kept; refused where the API refuses it. */
export function readRule(asked: Data, region: string, world: World): Data {
  const protocol = String(asked.IpProtocol ?? '').toUpperCase()
  if (protocol === '') throw missing('IpProtocol')
  const ports = String(asked.PortRange ?? '')
  if (ports === '' && asked.PortRangeListId === undefined) throw missing('PortRange')
  checkPorts(protocol, ports)
  if (asked.NicType === 'internet')
    throw invalid('NicType', 'rules in a VPC are for the intranet', 'InvalidNicType.Mismatch')
  const source = SOURCES.filter(name => asked[name] !== undefined)
  refuseUnless(
    source.length > 0,
    'MissingParameter',
    'The input parameter "SourceGroupId" or "SourceCidrIp" cannot be both blank.',
    403,
  )
  const block = asked.SourceCidrIp
  if (
    typeof block === 'string' &&
    block
      .split(/[./]/)
      .slice(0, 4)
      .some(part => Number(part) > 255)
  )
    throw invalid('SourceCidrIp', 'no address', 'InvalidParam.SourceIp')
  const group = asked.SourceGroupId
  if (group !== undefined)
    refuseUnless(
      world.groups.get(String(group))?.region === region,
      'InvalidSourceGroup.NotFound',
      'Specified source security group does not exist.',
    )
  return {
    IpProtocol: protocol,
    PortRange: ports,
    SourceCidrIp: asked.SourceCidrIp ?? '',
    SourceGroupId: group ?? '',
    Ipv6SourceCidrIp: asked.Ipv6SourceCidrIp ?? '',
    SourcePrefixListId: asked.SourcePrefixListId ?? '',
    DestCidrIp: asked.DestCidrIp ?? '',
    Policy: String(asked.Policy ?? 'accept').toLowerCase() === 'drop' ? 'Drop' : 'Accept',
    Priority: String(asked.Priority ?? 1),
    Description: asked.Description ?? '',
  }
}

function checkPorts(protocol: string, ports: string): void {
  if (ports === '') return
  const all = ports === '-1/-1'
  if (protocol !== 'TCP' && protocol !== 'UDP') {
    if (!all) throw invalid('PortRange', `-1/-1 with ${protocol}`, 'InvalidParam.PortRange')
    return
  }
  const [from = 0, to = 0] = ports.split('/').map(Number)
  if (all || from < 1 || to > 65_535 || from > to)
    throw invalid('PortRange', `1/65535 at most with ${protocol}`, 'InvalidParam.PortRange')
}

const KEYS = ['IpProtocol', 'PortRange', 'Policy', 'Priority', 'DestCidrIp', ...SOURCES] as const
/** Whether they let in the same; what they are for is no part of it. */
export const sameRule = (a: Data, b: Data) =>
  KEYS.every(key => (key === 'SourceCidrIp' ? whole(a[key]) === whole(b[key]) : a[key] === b[key]))
/** One address is a block of one. */
const whole = (block: unknown) => String(block).replace(/\/32$/, '')

export const ruleView = (rule: Data): Data => ({
  Direction: 'ingress',
  NicType: 'intranet',
  DestGroupId: '',
  DestGroupName: '',
  SourceGroupName: '',
  SourceGroupOwnerAccount: '',
  SourcePortRange: '',
  Ipv6DestCidrIp: '',
  ...rule,
})
