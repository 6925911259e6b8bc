/** Why there are no credentials. The client's own texts, as the test quotes them, and what to do about each. */
import { MachineError } from '../../src/errors.ts'
import { harmless } from './failure.ts'

interface CredentialProblem {
  readonly when: RegExp
  tell(profile: string, said: string): string
  hints(profile: string): string[]
}

const WAYS = [
  'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  'or name a profile with --amazonec2-profile or AWS_PROFILE (`aws configure` makes one)',
  'or run on an EC2 instance that has a role',
]

const PROBLEMS: readonly CredentialProblem[] = [
  {
    when: /SSO session|SSO token|Token is expired|Session token not found or invalid|UnauthorizedException|ForbiddenException/i,
    tell: profile => `the SSO session of profile ${profile} has expired, or never began`,
    hints: profile => [`aws sso login --profile ${profile}`],
  },
  {
    when: /aws login|session has expired\. Please reauthenticate|reauthenticate/i,
    tell: profile => `the login of profile ${profile} has expired`,
    hints: profile => [`aws login --profile ${profile}`],
  },
  {
    when: /MultiFactorAuthentication failed|TokenCode/,
    tell: () => 'AWS does not take this MFA code',
    hints: () => ['wait for the next one: each works once'],
  },
  {
    when: /not authorized to perform: sts:AssumeRole\w* on resource: (\S+)/,
    tell: (profile, role) => `the role ${role} of profile ${profile} may not be assumed with its source credentials`,
    hints: () => ["the role's trust policy must name them, and their policy allow sts:AssumeRole"],
  },
  {
    when: /(security token included in the request is (?:invalid|expired)|InvalidClientTokenId|ExpiredToken)/,
    tell: profile =>
      `AWS does not know the credentials that profile ${profile} takes its role with, or they have expired`,
    hints: () => ['renew those of its source_profile'],
  },
  {
    when: /cycle attempting to resolve/,
    tell: profile => `the source_profile lines of profile ${profile} lead in a circle`,
    hints: () => ['correct ~/.aws/config'],
  },
  {
    when: /credential_process|Profile \S+ credential_process|ENOENT.*process/i,
    tell: (profile, said) => `the credential_process of profile ${profile} gave no credentials: ${said}`,
    hints: () => ['run it by hand and see'],
  },
]

const NONE = /Could not load credentials from any providers|Unable to connect to the (EC2 )?instance metadata/i
const NOTHING_IN_PROFILE = /Could not resolve credentials using profile|Profile \S+ (was not found|could not be found)/

/** `profile`: the one that was named, if any. */
export function credentialProblem(thrown: unknown, profile: string | undefined): unknown {
  if (thrown instanceof MachineError) return thrown
  const { name = '', message = '', cause } = Object(thrown) as { name?: string; message?: string; cause?: unknown }
  if (name === 'Interrupted' || name === 'AbortError') return thrown
  const inner = (Object(cause) as { message?: string }).message ?? ''
  const said = harmless(inner && !message.includes(inner) ? `${message}: ${inner}` : message)
  if (profile && NOTHING_IN_PROFILE.test(said))
    return problem(`profile ${profile} is not there, or holds no credentials`, WAYS_OF_PROFILE)
  if (!profile && (NONE.test(said) || NOTHING_IN_PROFILE.test(said)))
    return problem(
      'amazonec2 driver requires AWS credentials, and there are none in the environment, in a profile or from an instance role',
      WAYS,
    )
  const words = `${name} ${said}`
  for (const { when, tell, hints } of PROBLEMS) {
    const match = when.exec(words)
    if (match) return problem(tell(profile ?? 'default', match[1] ?? said), hints(profile ?? 'default'))
  }
  return problem(`no credentials could be had${profile ? ` from profile ${profile}` : ''}: ${said}`, WAYS)
}

const WAYS_OF_PROFILE = [
  'aws configure list-profiles tells those there are',
  'give another with --amazonec2-profile or AWS_PROFILE, or keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
]

function problem(text: string, hints: string[]): MachineError {
  return new MachineError('EC2_CREDENTIALS', text, { hints })
}
