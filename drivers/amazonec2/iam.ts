/** The least IAM policy this driver gets along with, made from actions.ts. docs/amazonec2.md prints it; a test compares. */
import { ACTIONS, type Action, type Scope } from './actions.ts'
import type { Partition } from './endpoint.ts'
import { TAG_STORE } from './tags.ts'

export interface Policy {
  readonly Version: '2012-10-17'
  readonly Statement: readonly Statement[]
}

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

/** Looking at all, making what carries our tag, changing what carries it. Roles and keys of others come on top: see docs. */
export function leastPolicy(partition: Partition = 'aws'): Policy {
  const arn = (kind: string) => `arn:${partition}:ec2:*:*:${kind}/*`
  const made = entries('made')
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Look', Effect: 'Allow', Action: entries('everything').map(([action]) => named(action)), Resource: '*' },
      {
        Sid: 'MakeWithOurTag',
        Effect: 'Allow',
        Action: made.map(([action]) => named(action)),
        Resource: made.map(([, { kind }]) => arn(kind)),
        Condition: { StringLike: { [`aws:RequestTag/${TAG_STORE}`]: '?*' } },
      },
      // One each: what RunInstances may use, CreateSecurityGroup must not make without our tag.
      ...made
        .filter(([, { uses }]) => uses.length > 0)
        .map(
          ([action, { uses }]): Statement => ({
            Sid: `UseFor${action}`,
            Effect: 'Allow',
            Action: [named(action)],
            Resource: uses.map(arn),
          }),
        ),
      {
        Sid: 'TagWhatIsMade',
        Effect: 'Allow',
        Action: ['ec2:CreateTags'],
        Resource: arn('*'),
        Condition: { StringEquals: { 'ec2:CreateAction': made.map(([action]) => action) } },
      },
      {
        Sid: 'ChangeWithOurTag',
        Effect: 'Allow',
        Action: entries('ours').map(([action]) => named(action)),
        Resource: [...new Set(entries('ours').flatMap(([, { kinds }]) => kinds))].sort().map(arn),
        Condition: { StringLike: { [`aws:ResourceTag/${TAG_STORE}`]: '?*' } },
      },
    ],
  }
}

function entries<On extends Scope['on']>(on: On): [Action, Extract<Scope, { on: On }>][] {
  return (Object.entries(ACTIONS) as [Action, Scope][])
    .filter(([, scope]) => scope.on === on)
    .map(([action, scope]) => [action, scope as Extract<Scope, { on: On }>])
}

function named(action: Action): string {
  return `ec2:${action}`
}
