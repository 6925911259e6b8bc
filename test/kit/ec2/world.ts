/** What all actions share: the cloud behind its API. */
import type { RunInstancesRequest } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import type { AddressPool, CloudHost, HostMaker } from '../cloud/hosts.ts'
import { Problem } from '../cloud/problem.ts'
import type { Ec2Aims } from './faults.ts'
import type { CloudImage } from './images.ts'
import type { Model } from './model.ts'
import type { Moto } from './moto.ts'
import type { Spot } from './spot.ts'
import type { Life } from './states.ts'

export interface Delays {
  /** Least time in the state, in ms. */
  pending: number
  stopping: number
  shuttingDown: number
  /** How long a terminated instance is still described, in ms. */
  terminatedSeen: number
  /** For how long a new one is not found yet, in ms. */
  instanceUnseen: number
  groupUnseen: number
  keyUnseen: number
}
export interface Quotas {
  /** Running vCPUs, on demand and spot, in a region. */
  vcpus: number
  spotVcpus: number
  groupsPerVpc: number
  rulesPerGroup: number
}

/** Parameters of a launch. */
export type Launch = Partial<RunInstancesRequest>

/** One launched instance. */
export interface Instance {
  readonly id: string
  readonly region: string
  readonly life: Life
  readonly madeAt: number
  /** Request and template in one, with defaults. */
  readonly asked: Launch
  readonly image: CloudImage | undefined
  /** Of its type, which may change. */
  vcpus: number
  readonly subnetId: string
  readonly ipv4: boolean
  readonly interfaceId: string
  /** Of moto's own choice where there is no host. */
  privateAddress: string
  host?: CloudHost
  /** Whether a public address comes with it at each start. */
  autoPublic: boolean
  publicAddress?: string
  elastic?: string
  protected: boolean
  spot?: Spot
  reboots: number
}

export interface World {
  readonly model: Model
  readonly moto: Moto
  readonly images: readonly CloudImage[]
  readonly delays: Delays
  readonly quotas: Quotas
  readonly instances: Map<string, Instance>
  readonly spots: Map<string, Spot>
  /** Launches by region and client token. */
  readonly tokens: Map<string, { readonly digest: string; readonly answer: Promise<Data> }>
  /** Launches under way. */
  readonly launching: Set<Promise<Data>>
  /** What moto does not keep of a volume. */
  readonly volumes: Map<string, Data>
  /** When groups and keys ('sg-…', 'key REGION NAME') were made, in ms: new ones are not seen at once. */
  readonly madeAt: Map<string, number>
  readonly maker: HostMaker | undefined
  readonly addresses: AddressPool
  readonly say: (line: string) => void
}

/** One request. */
export interface Ask {
  readonly action: string
  readonly region: string
  readonly parameters: Data
  /** Set by a launch, for faults by zone and type. */
  aims?: Ec2Aims
}

/** What an action does once all it refuses was refused: a DryRun ends before it. */
export type Effect = () => Promise<Data>
export type Handler = (ask: Ask, world: World) => Effect | Promise<Effect>
export type Handlers = Readonly<Record<string, Handler>>

/** Passes a request on to moto as it is. */
export const pass: Handler = (ask, world) => () => world.moto.call(ask.region, ask.action, ask.parameters)

/** The instance of that id; throws as EC2 does for one that is not, not yet or no longer there. */
export function instanceOf(id: string, region: string, world: World): Instance {
  const instance = world.instances.get(id)
  if (!/^i-[0-9a-f]{8,17}$/.test(id)) throw new Problem('InvalidInstanceID.Malformed', `Invalid id: "${id}"`)
  if (!instance || instance.region !== region || !isSeen(instance, world))
    throw new Problem('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`)
  return instance
}

/** Whether it is described: not in its first moments, and not long after its end. */
export function isSeen({ madeAt, life }: Instance, { delays }: World): boolean {
  const now = Date.now()
  if (now - madeAt < delays.instanceUnseen) return false
  return life.terminatedAt === undefined || now - life.terminatedAt < delays.terminatedSeen
}

/** Whether what was made then (`key` of madeAt) is to be seen by now. */
export function isOld(key: string, unseenMs: number, { madeAt }: World): boolean {
  return Date.now() - (madeAt.get(key) ?? 0) >= unseenMs
}
