/** Who we are, what we may do, and whether the account is in order. AWS's own words stand in the test. */
import type { CloudFailure } from '../cloud/failure.ts'
import { clockDifference, type Where } from '../cloud/problem.ts'
import type { Problem } from './problem.ts'

/** More than AWS lets pass: it refuses requests that were signed five minutes ago. */
const CLOCK_TOLERANCE_MS = 4 * 60_000

const RENEW = ({ profile }: Where) =>
  profile
    ? `renew them: aws sso login --profile ${profile} (or what else this profile's keys come from)`
    : 'renew them, and set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew'

export const ACCOUNT_PROBLEMS: readonly Problem[] = [
  {
    when: /^(RequestExpired|RequestTimeTooSkewed|RequestInTheFuture|SignatureDoesNotMatch|InvalidSignatureException|AuthFailure)$/,
    // AuthFailure and the like have other causes, too: only a clock that is wrong makes it this one.
    holds: clockIsWrong,
    code: 'EC2_CLOCK',
    tell: f => `the clock of this computer is ${clockDifference(f)} AWS's, so AWS refuses what it signs`,
    hints: () => ['set the clock: timedatectl set-ntp true'],
  },
  {
    when: /^(RequestExpired|ExpiredToken(Exception)?|TokenRefreshRequired|Request(TimeTooSkewed|InTheFuture))$/,
    code: 'EC2_CREDENTIALS',
    tell: (_, { source }) => `the temporary credentials (${source}) have expired`,
    hints: (_, where) => [RENEW(where)],
  },
  {
    when: /^(SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/,
    code: 'EC2_CREDENTIALS',
    tell: (_, { source }) => `the secret access key does not belong to the access key id (${source})`,
    hints: () => ['copy both of them again: one character too few or too many is enough'],
  },
  {
    when: /^(AuthFailure|InvalidClientTokenId|UnrecognizedClientException|MissingAuthenticationToken|InvalidAccessKeyId|NotAuthorized)$/,
    code: 'EC2_CREDENTIALS',
    tell: (_, { source, region }) => `AWS does not know these credentials (${source}) in region ${region}`,
    hints: (_, { region }) => [
      'aws sts get-caller-identity tells whose they are; temporary ones need AWS_SESSION_TOKEN as well',
      `region ${region} may have to be enabled for the account first; keys of China and of GovCloud work there alone`,
    ],
  },
  {
    when: /^(UnauthorizedOperation|AccessDenied(Exception)?)$/,
    code: 'EC2_PERMISSION',
    tell: f => `these credentials are not allowed to call ${deniedAction(f)}${denyingPolicy(f)}`,
    hints: (f, { source }) => [`allow ${deniedAction(f)} to them (${source}): docs/amazonec2.md has the least policy`],
  },
  {
    when: /^OptInRequired$/,
    says: /(https?:\/\/aws\.amazon\.com\/marketplace\/\S+?)\.?(\s|$)/,
    code: 'EC2_ACCOUNT',
    tell: () => 'the image is sold in the AWS Marketplace, and the account has not subscribed to it',
    hints: (_, __, link) => [`accept its terms at ${link}, or leave --amazonec2-ami out`],
  },
  {
    when: /^OptInRequired$/,
    code: 'EC2_ACCOUNT',
    tell: (_, { region }) => `the account has not enabled EC2 in region ${region}`,
    hints: (_, { region }) => [
      `finish its sign-up, or enable the region: aws account enable-region --region-name ${region}`,
    ],
  },
  {
    when: /^(Blocked|AccountDisabled)$/,
    code: 'EC2_ACCOUNT',
    tell: () => 'AWS has blocked the account',
    hints: () => ['write to aws-verification@amazon.com, or open a case in the AWS console'],
  },
  {
    when: /^PendingVerification$/,
    code: 'EC2_ACCOUNT',
    tell: (_, { region }) => `AWS is still verifying the account for region ${region}`,
    hints: () => ['this takes minutes, seldom up to four hours: try again then, or use another region'],
  },
]

/** Whether the clock is so wrong that AWS refuses what is signed with it. */
export function clockIsWrong(f: Pick<CloudFailure, 'clockAheadMs'>): boolean {
  return Math.abs(f.clockAheadMs ?? 0) > CLOCK_TOLERANCE_MS
}

/** The permission that is missing: often another one than the action's own (iam:PassRole, ec2:CreateTags). */
function deniedAction({ message, action }: CloudFailure): string {
  return /to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1] ?? `ec2:${action}`
}

function denyingPolicy({ message }: CloudFailure): string {
  const kind = /explicit deny in (?:a |an )?([a-z -]+?policy|[a-z -]+?boundary)/i.exec(message)?.[1]
  return kind ? `: ${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind} forbids it` : ''
}
