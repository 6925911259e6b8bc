/** A step of provisioning: a fact about the host, and how to make it true. */
import type { Say } from '../src/events.ts'
import type { Host } from '../src/ssh/host.ts'
import type { Facts } from './facts.ts'

export interface StepCtx {
  readonly say: Say
  readonly signal: AbortSignal
  readonly machine: string
}

export interface Step {
  readonly id: string
  /** What is true afterwards, for errors: 'engine installed'. */
  readonly title: string
  /** What is done for it, for progress: 'Installing the engine'. */
  readonly doing: string
  /** Docker Machine's words for it, where it had some. */
  readonly announce?: string
  /** What a person can do if it does not become true. */
  readonly hint: string
  /** Whether it is true already; pure. */
  holds(facts: Facts): boolean
  /** Makes it true. Must be fit to run again after it was cut short. */
  apply(host: Host, facts: Facts, ctx: StepCtx): Promise<void>
  /** What later steps look at changes with it: the facts are read again before they go on. */
  readonly refresh?: boolean
}
