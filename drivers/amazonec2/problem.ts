/** The shape of what is known about failures of EC2: see problems.ts for the tables that hold it. */
import { type ProblemOf, quotedIn } from '../cloud/problem.ts'

/** Kinds of failures, by what is to be done: core shows them, the driver branches on them. */
export type ProblemCode =
  | 'EC2_CREDENTIALS' //  nobody we know, or no more
  | 'EC2_PERMISSION' //   known, and not allowed to
  | 'EC2_ACCOUNT' //      the account must be seen to first
  | 'EC2_CLOCK'
  | 'EC2_QUOTA'
  | 'EC2_CAPACITY' //     none left here: another zone, subnet or type may have some
  | 'EC2_NOT_FOUND'
  | 'EC2_CONFLICT' //     is there already, is in use, is in another state
  | 'EC2_REFUSED' //      a value AWS does not take
  | 'EC2_THROTTLED'
  | 'EC2_SERVICE' //      AWS's own trouble
  | 'EC2_UNREACHABLE'

/** `when` is without `Client.` and `Server.` before it. */
export type Problem = ProblemOf<ProblemCode>

/** First id (ami-0abc) or quoted word of a message; '' if there is none. */
export function namedIn(message: string): string {
  return (
    /\b[a-z]{1,8}-[0-9a-f]{8,17}\b/.exec(message)?.[0] ?? quotedIn(message) ?? /\[([^[\]]+)\]/.exec(message)?.[1] ?? ''
  )
}
