/** The member `takesOver` of the driver contract: hosts that a provider's own tool made before us. */
import type { Config, Ctx, FlagSpecs } from './driver.ts'

/** A host that the provider's own tool made before us. */
export interface FoundThere {
  readonly name: string
  /** What a person should know of it: 'running, virtualbox'. */
  readonly detail: string
  /** A good name for the machine, where `name` tells nothing. */
  readonly called?: string
}

/** Taking over hosts that the provider's own tool made: the command `adopt --<driver> PLACE [NAME]`. */
export interface TakesOver<F extends FlagSpecs> {
  /** What PLACE is, for help: 'folder of a Vagrantfile'. */
  readonly help: string
  /** The hosts of the place; read-only. */
  find(place: string, ctx: Pick<Ctx, 'env' | 'signal' | 'say'>): Promise<FoundThere[]>
  /** Settings with which `create` takes over that host. `destroy`: `rm` removes it too; else it stays. */
  config(place: string, name: string, options: { destroy: boolean }): Config<F>
}
