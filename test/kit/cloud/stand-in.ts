/** What can be set of any stand-in cloud, what tests see of it and do to it. */
import type { KillPoint } from './calls.ts'
import type { CheckService } from './check-service.ts'
import type { CloudHost } from './hosts.ts'

export interface CloudOptions<Maker, Delays, Quotas> {
  /** 'none' by default: the API alone, with addresses of documentation. */
  hosts?: 'nspawn' | 'none'
  /** Who makes hosts, with 'nspawn': test/hosts has one for each cloud. */
  makeHost?: Maker
  /** Of the API; a cloud of several takes those after it, or any free ones. Any free one by default. */
  port?: number
  region?: string
  delays?: Partial<Delays>
  quotas?: Partial<Quotas>
  /** False: there is no default VPC in any region. */
  defaultVpc?: boolean
  /** Told what goes on. */
  say?: (line: string) => void
}

/** An instance as it is now. */
export interface HostedNow<State> {
  readonly id: string
  readonly region: string
  readonly state: State
  readonly privateAddress: string
  readonly publicAddress: string | undefined
  readonly host: CloudHost | undefined
  readonly reboots: number
}

export interface StandIn extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly url: string
  readonly region: string
  /** What the CLI needs to use it. */
  readonly env: Record<string, string>
  readonly check: CheckService
  /** How far ahead the cloud's clock is, in ms. */
  readonly clock: Clock
  /** Whether the call of killAt came. */
  readonly killed: boolean
  /** Answers to them that the account may not, dry runs too. */
  deny(...actions: string[]): void
  allow(...actions: string[]): void
  /** Calls `kill` at the nth API call from now (from 1; dry runs and polls count), before it has an effect or after. */
  killAt(n: number, when: KillPoint['when'], kill: () => void, action?: string): void
  /** Resolves when nothing is in a state that ends by itself. */
  settled(): Promise<void>
  /** The cloud takes an instance away, as it does with spot ones. */
  takeAway(id: string): void
  /** As if its own `poweroff` had been called. */
  stopFromInside(id: string): void
}

export interface Clock {
  aheadMs: number
}

/** A cloud's clock, as tests set it and as the cloud reads it. */
export function makeClock(): { clock: Clock; now: () => number } {
  const clock = { aheadMs: 0 }
  return { clock, now: () => Date.now() + clock.aheadMs }
}

/** Who makes the hosts; undefined: nobody. */
export function makerOf<Maker>(options: CloudOptions<Maker, unknown, unknown>): Maker | undefined {
  if (options.hosts !== 'nspawn') return undefined
  if (!options.makeHost) throw new Error("hosts: 'nspawn' needs makeHost")
  return options.makeHost
}

/** The instance of that id, of which a test speaks. */
export function known<Instance>(id: string, instances: ReadonlyMap<string, Instance>): Instance {
  const instance = instances.get(id)
  if (!instance) throw new Error(`there is no instance ${id}`)
  return instance
}
