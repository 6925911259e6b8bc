/** The shape of what is known about failures of Alibaba Cloud: see problems.ts for the tables that hold it. */
import { type ProblemOf, quotedIn } from '../cloud/problem.ts'

/** Kinds of failures, by what is to be done: core shows them, the driver branches on them. */
export type ProblemCode =
  | 'ECS_CREDENTIALS' //  nobody we know, or no more
  | 'ECS_PERMISSION' //   known, and not allowed to
  | 'ECS_ACCOUNT' //      the account must be seen to first
  | 'ECS_CLOCK'
  | 'ECS_QUOTA'
  | 'ECS_CAPACITY' //     none left here: another zone or type may have some
  | 'ECS_NOT_FOUND'
  | 'ECS_CONFLICT' //     is there already, is in use, is in another state
  | 'ECS_REFUSED' //      a value that is not taken
  | 'ECS_THROTTLED'
  | 'ECS_SERVICE' //      the provider's own trouble
  | 'ECS_UNREACHABLE'

export type Problem = ProblemOf<ProblemCode>

/** First id (i-bp1…, vsw-bp1…) or quoted word of a message; '' if there is none. */
export function namedIn(message: string): string {
  return /\b(?:i|sg|vsw|vpc|eip|m|d|lb|vtb)-[0-9a-z]{8,24}\b/.exec(message)?.[0] ?? quotedIn(message) ?? ''
}
