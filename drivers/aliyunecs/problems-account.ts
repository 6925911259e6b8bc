/** Who we are, what we may do, and whether the account is in order. Alibaba Cloud's own words stand in the test. */
import type { CloudFailure } from '../cloud/failure.ts'
import { clockDifference, type Where } from '../cloud/problem.ts'
import type { Problem } from './problem.ts'

/** More than Alibaba Cloud lets pass: it refuses requests that were signed a quarter of an hour ago. */
const CLOCK_TOLERANCE_MS = 10 * 60_000

const renew = ({ profile }: Where) =>
  profile
    ? `renew them: aliyun configure --profile ${profile}`
    : 'renew them, and set ECS_ACCESS_KEY_ID, ECS_ACCESS_KEY_SECRET and ECS_SECURITY_TOKEN anew'

export const ACCOUNT_PROBLEMS: readonly Problem[] = [
  {
    when: /^(InvalidTimeStamp\.|SignatureDoesNotMatch$|IllegalTimestamp$)/,
    holds: clockIsWrong,
    code: 'ECS_CLOCK',
    tell: f => `the clock of this computer is ${clockDifference(f)} Alibaba Cloud's, so it refuses what is signed here`,
    hints: () => ['set the clock: timedatectl set-ntp true'],
  },
  {
    when: /^(InvalidTimeStamp\.|IllegalTimestamp$)/,
    code: 'ECS_CREDENTIALS',
    tell: () => 'Alibaba Cloud refuses the time that the request is stamped with',
    hints: () => ["check this computer's clock (timedatectl), and whatever stands between it and the API"],
  },
  {
    when: /^(InvalidSecurityToken|MissingSecurityToken|SecurityTokenExpired)|SecurityToken.*(Expired|Malformed|Mismatch)/,
    code: 'ECS_CREDENTIALS',
    tell: ({ code }, { source }) =>
      /Expired/.test(code)
        ? `the temporary keys (${source}) have expired`
        : `the STS token (${source}) does not belong to its AccessKey`,
    hints: (_, where) => [renew(where)],
  },
  {
    when: /^InvalidAccessKeyId\.Inactive|^InactiveAccessKey|AccessKeyDisabled/i,
    code: 'ECS_CREDENTIALS',
    tell: (_, { source }) => `the AccessKey (${source}) is switched off`,
    hints: () => ['enable it in the RAM console, or use another'],
  },
  {
    when: /^InvalidAccessKeyId/,
    code: 'ECS_CREDENTIALS',
    tell: (_, { source }) => `Alibaba Cloud does not know this AccessKey ID (${source})`,
    hints: () => [
      'copy it again from the RAM console; a temporary one (STS.…) needs its token as well: ECS_SECURITY_TOKEN',
      'keys of aliyun.com and of alibabacloud.com are of different accounts',
    ],
  },
  {
    when: /^(SignatureDoesNotMatch|IncompleteSignature|InvalidSignature)/,
    code: 'ECS_CREDENTIALS',
    tell: (_, { source }) => `the AccessKey secret does not belong to the AccessKey ID (${source})`,
    hints: () => ['copy both of them again: one character too few or too many is enough'],
  },
  {
    when: /^MissingAccessKeyId/,
    code: 'ECS_CREDENTIALS',
    tell: () => 'the request went out without an AccessKey ID',
    hints: () => ['set ECS_ACCESS_KEY_ID and ECS_ACCESS_KEY_SECRET'],
  },
  {
    when: /^(Forbidden\.RAM|Forbidden\.SubUser|Forbidden\.NotAuthorized|NoPermission|Forbidden\.Unauthorized|Forbidden)$/,
    code: 'ECS_PERMISSION',
    tell: f => `this AccessKey is not allowed to call ${deniedAction(f)}`,
    hints: (f, { source }) => [
      `allow ${deniedAction(f)} to it (${source}) in the RAM console: docs/aliyunecs.md has the least policy`,
    ],
  },
  {
    when: /^(EntityNotExist\.Role|AuthenticationFail\.NoPermission)$/,
    code: 'ECS_PERMISSION',
    tell: (_, { source }) => `the role of ${source} is not there, or does not trust whoever asks for it`,
    hints: () => ["check ram_role_arn, and the role's trust policy"],
  },
  {
    when: /RealNameAuthenticat|^RealName|NotAuthenticated|UnauthenticatedAccount/i,
    code: 'ECS_ACCOUNT',
    tell: () => 'the account has not proved its name, without which nothing can be bought in China',
    hints: () => ['complete the real-name registration: account.console.aliyun.com'],
  },
  {
    when: /NotEnoughBalance|InsufficientBalance|Account\.Arrearage|^Arrear|^InvalidAccountStatus\.(NotEnoughBalance|Arrear)/i,
    code: 'ECS_ACCOUNT',
    tell: () => "the account's balance is not enough: pay-as-you-go instances ask for 100 CNY or the like",
    hints: () => ['top it up: usercenter2.aliyun.com'],
  },
  {
    when: /^(InvalidAccountStatus|Account\.(Frozen|Unusable)|UserNotInTheWhiteList|NoPayment|Payment\.)/i,
    code: 'ECS_ACCOUNT',
    tell: f => `the account cannot buy this: ${f.message.replace(/\.$/, '')}`,
    hints: () => ['check payment method and state of the account in the console'],
  },
  {
    when: /^(RegionUnauthorized|InvalidRegionId|Forbidden\.Region|Region\.Unauthorized)/,
    code: 'ECS_NOT_FOUND',
    tell: (_, { region }) => `there is no region ${region}, or it is closed to this account`,
    hints: () => ['check --aliyunecs-region: `aliyun ecs DescribeRegions` lists those there are'],
  },
]

/** Whether the clock is so wrong that what is signed with it is refused. */
export function clockIsWrong(f: Pick<CloudFailure, 'clockAheadMs'>): boolean {
  return Math.abs(f.clockAheadMs ?? 0) > CLOCK_TOLERANCE_MS
}

/** The permission that is missing: often another one than the action's own (ram:PassRole). */
function deniedAction({ message, action }: CloudFailure): string {
  const product = /Eip|Vpc|VSwitch|Route/.test(action)
    ? 'vpc'
    : /BackendServer|LoadBalancer/.test(action)
      ? 'slb'
      : 'ecs'
  return /\b((?:ecs|vpc|slb|ram|sts|eip):[A-Z][A-Za-z]+)/.exec(message)?.[1] ?? `${product}:${action}`
}
