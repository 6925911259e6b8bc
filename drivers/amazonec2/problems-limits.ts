/** Not enough: of what the account may have, of what AWS has left, of what was offered for it. AWS's words are in the test. */
import { called } from '../cloud/problem.ts'
import { namedIn, type Problem } from './problem.ts'

const raise = (what: string, region: string) =>
  `remove machines you no longer need, or have the quota "${what}" raised: Service Quotas → Amazon EC2, region ${region}`

export const LIMIT_PROBLEMS: readonly Problem[] = [
  {
    when: /^VcpuLimitExceeded$/,
    says: /current vCPU limit of (\d+)/,
    code: 'EC2_QUOTA',
    tell: (_, { region }, limit) =>
      `the account may run ${limit} vCPUs of this class of instance types in ${region}, and this would be more`,
    hints: (_, { region }) => [
      raise('Running On-Demand instances', region),
      'or take a smaller --amazonec2-instance-type',
    ],
  },
  {
    when: /^(VcpuLimitExceeded|InstanceLimitExceeded)$/,
    code: 'EC2_QUOTA',
    tell: (_, { region }) => `the account may run no more instances of this type in ${region}`,
    hints: (_, { region }) => [raise('Running On-Demand instances', region)],
  },
  {
    when: /^MaxSpotInstanceCountExceeded$/,
    code: 'EC2_QUOTA',
    tell: (_, { region }) => `the account may run no more spot instances of this type in ${region}`,
    hints: (_, { region }) => [
      raise('All Standard Spot Instance Requests', region),
      'or leave --amazonec2-request-spot-instance out',
    ],
  },
  {
    when: /^SpotMaxPriceTooLow$/,
    says: /minimum required Spot request fulfillment price of ([\d.]*\d)/,
    code: 'EC2_REFUSED',
    tell: (_, __, price) =>
      `--amazonec2-spot-price is below what such a spot instance costs now, ${price} dollars an hour`,
    hints: () => ['offer more, or leave it out: then it never costs more than on demand'],
  },
  {
    when: /^SpotMaxPriceTooLow$/,
    code: 'EC2_REFUSED',
    tell: () => '--amazonec2-spot-price is below what such a spot instance costs now',
    hints: () => ['offer more, or leave it out: then it never costs more than on demand'],
  },
  {
    when: /^InsufficientFreeAddressesInSubnet$/,
    code: 'EC2_CAPACITY',
    tell: f => `${called('the subnet', namedIn(f.message))} has no free address`,
    hints: () => ['name another with --amazonec2-subnet-id or --amazonec2-zone'],
  },
  {
    when: /^Insufficient(Instance|Host|ReservedInstance|Capacity|Volume)?Capacity|^InsufficientCapacity/,
    says: /sufficient (\S+) capacity in the Availability Zone you requested \(([^)]+)\)/,
    code: 'EC2_CAPACITY',
    tell: (f, _, type) => `AWS has no ${type} left in zone ${/\(([a-z0-9-]+)\)/.exec(f.message)?.[1]}`,
    hints: f => [`try ${zonesOffered(f.message)}, or several types: --amazonec2-instance-type a,b`],
  },
  {
    when: /^Insufficient\w*Capacity|^InsufficientVolumeCapacity/,
    says: /Spot capacity/i,
    code: 'EC2_CAPACITY',
    tell: (_, { region }) => `AWS has no spot capacity of this type left in ${region}`,
    hints: () => [
      'name further types (--amazonec2-instance-type a,b) or zones, or leave --amazonec2-request-spot-instance out',
    ],
  },
  {
    when: /^Insufficient\w*Capacity/,
    code: 'EC2_CAPACITY',
    tell: (_, { region }) => `AWS has no capacity of this type left where it was asked for in ${region}`,
    hints: () => ['name further types (--amazonec2-instance-type a,b) or another zone, or try again in a few minutes'],
  },
  {
    when: /^Unsupported(Operation)?$/,
    says: /instance type \(?([a-z0-9.-]+)\)? is not supported in your requested Availability Zone/,
    code: 'EC2_CAPACITY',
    tell: (f, _, type) =>
      `there is no ${type} in ${called('zone', /Zone \(([a-z0-9-]+)\)/.exec(f.message)?.[1] ?? '')}`,
    hints: f => [`try ${zonesOffered(f.message)}`],
  },
  {
    when: /^AddressLimitExceeded$/,
    code: 'EC2_QUOTA',
    tell: (_, { region }) => `the account has as many elastic addresses in ${region} as it may`,
    hints: () => ['release one that is not used: aws ec2 release-address'],
  },
  {
    when: /^VolumeLimitExceeded$/,
    code: 'EC2_QUOTA',
    tell: (_, { region }) => `the volumes of the account in ${region} would be more than it may have`,
    hints: () => ['delete volumes that nothing uses, or ask for a smaller --amazonec2-root-size'],
  },
  {
    when: /^(SecurityGroup|Rules|VpcSecurityGroups?|SecurityGroups)\w*LimitExceeded$/,
    code: 'EC2_QUOTA',
    tell: () => 'the security group would have more rules, or the VPC more groups, than the account may have',
    hints: () => ['open fewer ports or ranges, or name a group there is: --amazonec2-security-group'],
  },
  {
    when: /LimitExceeded$/,
    code: 'EC2_QUOTA',
    tell: f => `a quota of the account does not allow this: ${f.message.replace(/\.$/, '')}`,
    hints: (_, { region }) => [`have it raised: Service Quotas → Amazon EC2, region ${region}`],
  },
]

/** The zones AWS says have some: '--amazonec2-zone b or c'. */
function zonesOffered(message: string): string {
  const [, list = ''] = /or choosing ([a-z0-9, -]+)/.exec(message) ?? []
  const letters = list.split(/,\s*/).flatMap(zone => /-\d([a-z])$/.exec(zone.trim())?.[1] ?? [])
  return letters.length > 0 ? `--amazonec2-zone ${letters.join(',')}` : 'another --amazonec2-zone'
}
