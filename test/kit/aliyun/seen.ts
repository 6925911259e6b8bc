/** What can be set of the cloud, and what tests see of it. */
import type { Faults } from '../cloud/faults.ts'
import type { CloudOptions, HostedNow, StandIn } from '../cloud/stand-in.ts'
import type { AliyunCall } from './calls.ts'
import type { RequestOptions, Sent } from './client.ts'
import type { Own } from './faults.ts'
import type { HostMaker } from './hosts.ts'
import type { Key, Keys } from './keys.ts'
import type { Metadata } from './metadata.ts'
import type { StateName } from './states.ts'
import type { Stock } from './stock.ts'
import type { Delays, Quotas } from './world.ts'

export type AliyunOptions = CloudOptions<HostMaker, Delays, Quotas>

export interface InstanceNow extends HostedNow<StateName> {
  readonly name: string
  readonly zone: string
  readonly eip: string | undefined
  readonly tags: Readonly<Record<string, string>>
}

export interface AskOptions extends Pick<RequestOptions, 'method' | 'service' | 'aheadMs' | 'common' | 'spoil'> {
  /** As any client, with the canary key: recorded, and broken as faults say. By default it is neither. */
  readonly counted?: boolean
  readonly key?: Key
}

export interface AliyunCloud extends StandIn {
  readonly vpcUrl: string
  readonly slbUrl: string
  readonly stsUrl: string
  readonly metadataUrl: string
  readonly checkUrl: string
  readonly keys: Keys
  readonly calls: readonly AliyunCall[]
  /** What the real API lets pass in silence, though no good client sends it; it was refused here. */
  readonly complaints: readonly string[]
  readonly faults: Faults<Own>
  readonly stock: Stock
  readonly metadata: Metadata
  /** RAM roles of the account, for AssumeRole and RamRoleName. */
  readonly roles: Set<string>
  /** A classic load balancer that is there from the beginning. */
  readonly slbId: string
  readonly delays: Delays
  readonly quotas: Quotas
  /** What is there and not in a fresh account: 'key-pair web', 'instance i-… Running'. */
  left(): string[]
  /** From now on what is there counts as fresh: what a test made for the driver to find. */
  markFresh(): void
  instances(): InstanceNow[]
  /** Locks an instance that is to be taken; undefined: no longer. */
  lock(id: string, reason: string | undefined): void
  /** Asks as an independent client does. */
  ask<T = Record<string, unknown>>(action: string, parameters?: Sent, options?: AskOptions): Promise<T>
}
