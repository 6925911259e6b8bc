/** The contract of changing settings of a machine in place; a member of `Driver` that not every driver has. */
import type { Config, Ctx, FlagSpecs } from './driver.ts'

/**
 * Core calls `plan`, stops the machine if it runs, calls `apply`, and starts it again. Where the start fails it calls
 * `apply` with what was there before. Any of these may come again, from another process, after a crash at any moment.
 */
export interface Resize<F extends FlagSpecs = FlagSpecs, S = unknown> {
  /** By their keys in `flags`, the settings that can be changed, each with a line for `modify --help`. No others are taken. */
  readonly settings: Readonly<Partial<Record<keyof F, string>>>
  /**
   * Read-only, of a machine in any state: what would differ at the provider, whatever the record says. Throws for what
   * cannot be, before anything is stopped for it.
   */
  plan(state: S, wish: Partial<Config<F>>, ctx: Ctx): Promise<ResizePlan<S>>
  /** Makes a stopped instance what the state says. So already is success. */
  apply(state: S, ctx: Ctx): Promise<void>
}

export interface ResizePlan<S> {
  /** The state as it is at the provider now: `apply` of it takes the change back. */
  readonly now: S
  /** The state as it will be. */
  readonly next: S
  /** None: the instance is so already. */
  readonly differences: readonly ResizeDifference[]
}

export interface ResizeDifference {
  /** Key of the flag. */
  readonly setting: string
  readonly from: string
  readonly to: string
}
