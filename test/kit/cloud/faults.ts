/** Failures by rule: which calls, and what happens to them instead. */
import { type Count, Rules } from '../rules.ts'
import type { Call } from './calls.ts'
import { Problem } from './problem.ts'

/** What a cloud answers in words of its own; `Own`: failures that it alone has. */
type Worded<Own extends string> = 'throttle' | 'error500' | 'unavailable' | Own

export type Gives<Own extends string = never> =
  | Worded<Own>
  | 'html502'
  | 'drop'
  | 'lost-answer'
  | 'timeout-after-effect'
  | 'error500-after-effect'
  | { readonly delayMs: number }
  | { readonly code: string; readonly message?: string; readonly status?: number }

export interface Fault<Own extends string = never> extends Count {
  readonly action: string | RegExp
  /** True: dry runs only. By default those are spared. */
  readonly dryRun?: boolean
  /** Launches: the zone they come to, whole or its letter; the instance type; whether they are spot. */
  readonly zone?: string | RegExp
  readonly type?: string | RegExp
  readonly spot?: boolean
  readonly when?: (call: Call) => boolean
  /** What becomes of it. */
  readonly gives: Gives<Own>
}

/** What a launch comes to: known only once all that decides it was read. */
export interface LaunchAims {
  readonly zone: string
  readonly type: string
  readonly spot: boolean
}

const matches = (wanted: string | RegExp | undefined, given: string) =>
  wanted === undefined || (typeof wanted === 'string' ? wanted === given : wanted.test(given))

function aimed({ zone, type, spot }: Omit<Fault, 'gives'>, aims: LaunchAims | undefined): boolean {
  if (zone === undefined && type === undefined && spot === undefined) return true
  if (!aims) return false
  return (
    (matches(zone, aims.zone) || matches(zone, aims.zone.slice(-1))) &&
    matches(type, aims.type) &&
    (spot ?? aims.spot) === aims.spot
  )
}

export class Faults<Own extends string = never> extends Rules<Fault<Own>> {
  /** What is to happen to this call; the first rule that hits. */
  strike(call: Call, aims: LaunchAims | undefined): Gives<Own> | undefined {
    return this.first(
      fault =>
        matches(fault.action === '*' ? undefined : fault.action, call.action) &&
        (fault.dryRun ?? false) === call.dryRun &&
        fault.when?.(call) !== false &&
        aimed(fault, aims),
    )?.gives
  }
}

/** The errors of faults, as one cloud words them. */
export type Words<Own extends string = never> = Readonly<Record<Worded<Own>, () => Problem>>

/** The error a fault answers before the call has an effect; undefined for one that is no error. */
export function problemOf<Own extends string>(gives: Gives<Own>, words: Words<Own>): Problem | undefined {
  if (typeof gives === 'string') return Object.hasOwn(words, gives) ? words[gives as Worded<Own>]() : undefined
  return 'code' in gives
    ? new Problem(gives.code, gives.message ?? `${gives.code} by rule`, gives.status ?? 400)
    : undefined
}
