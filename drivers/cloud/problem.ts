/** The shape of what is known about a cloud's failures, and how an entry is found. The tables are the drivers'. */
import type { CloudFailure } from './failure.ts'

/** What is known around a failure. */
export interface Where {
  readonly region: string
  /** Host of the API. */
  readonly host: string
  /** Where the credentials come from: 'profile work'. */
  readonly source: string
  /** The profile they are of, if any. */
  readonly profile?: string | undefined
  /** What stands in the variable for proxies, without its password. */
  readonly proxy?: string | undefined
}

/** An entry of a driver's table. `Code` is of its own kinds of failures. */
export interface ProblemOf<Code extends string> {
  /** The provider's code. */
  readonly when: RegExp
  /** Also in the message: codes like InvalidParameter stand for many things. */
  readonly says?: RegExp
  /** And only if this holds. */
  holds?(f: CloudFailure): boolean
  readonly code: Code
  /** One sentence, without a full stop. `said` is what `says` captured, else an id or a quoted name of the message. */
  tell(f: CloudFailure, where: Where, said: string): string
  /** One remedy, rarely two. */
  hints(f: CloudFailure, where: Where, said: string): string[]
}

/** An entry's words about a failure. */
export interface Said<Code extends string> {
  readonly code: Code
  readonly text: string
  readonly hints: string[]
}

/** What the first entry that fits says. `code` is the one to look for, `namedIn` finds the thing a message is about. */
export function firstThatFits<Code extends string>(
  problems: readonly ProblemOf<Code>[],
  f: CloudFailure,
  where: Where,
  { code = f.code, namedIn }: { code?: string; namedIn: (message: string) => string },
): Said<Code> | undefined {
  for (const problem of problems) {
    if (!problem.when.test(code) || problem.holds?.(f) === false) continue
    const match = problem.says?.exec(f.message)
    if (problem.says && !match) continue
    const said = match?.slice(1).find(Boolean) ?? namedIn(f.message)
    return { code: problem.code, text: problem.tell(f, where, said), hints: problem.hints(f, where, said) }
  }
  return undefined
}

/** The first quoted word of a message. */
export function quotedIn(message: string): string | undefined {
  return /['"]\[?([^'"[\]]+)\]?['"]/.exec(message)?.[1]
}

/** 'the image ami-1' or, where no name is known, 'the image'. */
export function called(what: string, name: string): string {
  return name ? `${what} ${name}` : what
}

/** How far this computer's clock is from the provider's: '7 minutes behind'. */
export function clockDifference({ clockAheadMs = 0 }: Pick<CloudFailure, 'clockAheadMs'>): string {
  const minutes = Math.round(Math.abs(clockAheadMs) / 60_000)
  const amount =
    minutes < 120
      ? `${minutes} minutes`
      : minutes < 72 * 60
        ? `${Math.round(minutes / 60)} hours`
        : `${Math.round(minutes / 1440)} days`
  return `${amount} ${clockAheadMs > 0 ? 'behind' : 'ahead of'}`
}
