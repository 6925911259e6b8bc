/** The member `sweep` of the driver contract: what this store made at a provider and no record owns any more. */
import type { Config, Ctx, FlagSpecs } from './driver.ts'

/** A thing at the provider that carries this store's mark. */
export interface Marked {
  /** 'instance', 'key pair', 'security group' … */
  readonly kind: string
  /** What the provider knows it by. */
  readonly id: string
  /** Where it lies: a region. */
  readonly place: string
  /** Name of the machine it was made for, as it was then; absent: for all machines of the store. */
  readonly machine?: string
  /** What is worth knowing besides: 'running, t3.micro since 2026-…'. */
  readonly detail?: string
}

/** What a sweep's calls get: they are about no machine. */
export type SweepCtx = Omit<Ctx, 'name' | 'machineDir'>

/**
 * Finding what stayed behind. Core decides what no record owns, and holds the locks of the machines it was made for while
 * it is removed.
 */
export interface Sweep<S> {
  /** Options that say where to look and as whom; of the same names as the driver's own. */
  readonly flags: FlagSpecs
  /** All that carries this store's mark, also what is in use; read-only. */
  find(config: Config, ctx: SweepCtx): Promise<Marked[]>
  /** Whether a machine with this state owns it. Where the state does not say, as while it is being created: true. */
  owns(state: S, thing: Marked): boolean
  /** Removes these, in the order the provider wants; tells what stays, and why. Gone already is success. */
  remove(things: readonly Marked[], config: Config, ctx: SweepCtx): Promise<{ thing: Marked; why: string }[]>
}
