/** What there is none of, here or any more for this account. Alibaba Cloud's own words stand in the test. */
import { called } from '../cloud/problem.ts'
import type { Problem } from './problem.ts'

const ELSEWHERE =
  'name further types (--aliyunecs-instance-type a,b) or zones (--aliyunecs-zone a,b), or another region'

export const LIMIT_PROBLEMS: readonly Problem[] = [
  {
    when: /NoStock|SoldOut|NotEnoughResource|ResourceNotEnough|^OperationDenied$|InsufficientResource/,
    says: /^(?!.*(deletion protection|not support))/i,
    code: 'ECS_CAPACITY',
    tell: () => 'the zone has no instance of this type and kind left',
    hints: () => [ELSEWHERE],
  },
  {
    when: /^(Zone|Resource|InvalidResourceType|InvalidInstanceType)\.?(NotOnSale|NotOpen|NotSupported)|^InvalidZoneId\.NotOnSale|NotOnSale$|^Zone\.NotOpen/,
    code: 'ECS_CAPACITY',
    tell: () => 'the zone does not sell this type, or is closed to this account',
    hints: () => [ELSEWHERE],
  },
  {
    when: /^(InvalidInstanceType\.(ValueNotSupported|ValueUnauthorized|ZoneNotSupported|NotSupported))/,
    code: 'ECS_CAPACITY',
    tell: (_, { region }) => `the instance type is not to be had in this zone of ${region}, or not with these disks`,
    hints: () => [ELSEWHERE],
  },
  {
    when: /Spot.*(PriceLimit|Price).*|PriceTooLow|LowerThanPublicBid/i,
    code: 'ECS_CAPACITY',
    tell: () => 'the price offered for the spot instance is below the market',
    hints: () => [
      'offer more with --aliyunecs-spot-price-limit, or leave it out: then the price on demand is the most',
    ],
  },
  {
    when: /^QuotaExceed(ed)?\.?(Elastic|AfterpayInstance|PostPaid|Instance|ElasticQuota|.*Instance)|^QuotaExceed(ed)?$|InstanceQuotaExceed/i,
    says: /vcpu|instance|quota/i,
    code: 'ECS_QUOTA',
    tell: (_, { region }) => `the account may have no more instances or vCPUs of this kind in ${region}`,
    hints: () => ['remove some, take a smaller type, or ask for more: quotas.console.aliyun.com'],
  },
  {
    when: /Quota.*Eip|Eip.*(Quota|Limit)|^QuotaExceeded\.Eip/i,
    code: 'ECS_QUOTA',
    tell: (_, { region }) => `the account may have no more elastic addresses in ${region}`,
    hints: () => ['release some, or leave --aliyunecs-eip out: then the instance gets a public address of its own'],
  },
  {
    when: /QuotaExceed(ed)?\.(Vpc|VSwitch|Vswitch)|Quota.*(Vpc|VSwitch)/i,
    code: 'ECS_QUOTA',
    tell: (_, { region }) => `the account may have no more VPCs or vSwitches in ${region}`,
    hints: () => ['name those that are there: --aliyunecs-vpc-id and --aliyunecs-vswitch-id'],
  },
  {
    when: /KeyPair.*(Quota|Limit)|QuotaExceed.*KeyPair/i,
    code: 'ECS_QUOTA',
    tell: (_, { region }) => `the account may have no more key pairs in ${region}`,
    hints: () => ['`machine aliyunecs sweep` finds those left behind'],
  },
  {
    when: /(SecurityGroup|AuthorizationLimit|PermissionLimit).*(Quota|Limit|Exceed)|QuotaExceed.*SecurityGroup|SecurityGroupInstanceLimit|^AuthorizationLimitExceed/i,
    code: 'ECS_QUOTA',
    tell: f =>
      `${called('the security group', '')} has no room left, or there may be no more: ${f.message.replace(/\.$/, '')}`,
    hints: () => ['name another with --aliyunecs-security-group'],
  },
  {
    when: /^InvalidVSwitchId\.IpNotEnough|IpInsufficient|IpNotEnough/i,
    code: 'ECS_CAPACITY',
    tell: (_, __, id) => `${called('the vSwitch', id)} has no free address left`,
    hints: () => ['name another with --aliyunecs-vswitch-id or --aliyunecs-zone'],
  },
  {
    when: /Quota|LimitExceed/i,
    code: 'ECS_QUOTA',
    tell: (f, { region }) =>
      `a quota of the account in ${region} is used up (${f.action}): ${f.message.replace(/\.$/, '')}`,
    hints: () => ['ask for more: quotas.console.aliyun.com'],
  },
]
