/** The cloud behind its API: all that was made in it. */
import { randomBytes } from 'node:crypto'
import type { Data } from '../cloud/data.ts'
import type { LaunchAims } from '../cloud/faults.ts'
import type { AddressPool, CloudHost } from '../cloud/hosts.ts'
import type { HostMaker } from './hosts.ts'
import type { CloudImage, InstanceType } from './offers.ts'
import type { Life, StateDelays } from './states.ts'
import type { Stock } from './stock.ts'

export interface Delays extends StateDelays {
  /** Least time in the state, in ms; they may be changed while the cloud runs. */
  pending: number
  starting: number
  stopping: number
  /** How long one that is being deleted is still described. */
  deleting: number
  /** How long a group and a vSwitch are held by an instance that is gone: its interface takes its time. */
  groupHeld: number
  vpc: number
  vswitch: number
  eip: number
  route: number
  /** For how long a new one is not found yet. */
  instanceUnseen: number
  groupUnseen: number
  keyUnseen: number
  /** In how many descriptions a new instance is missing: a count. */
  instanceMisses: number
}
export interface Quotas {
  /** vCPUs in a region. */
  vcpus: number
  eips: number
  groups: number
  rulesPerGroup: number
  keyPairs: number
  vpcs: number
  vswitchesPerVpc: number
  /** Calls in a second, of all actions together. */
  callsPerSecond: number
  /** Most things in one page of those that go on with NextToken. */
  page: number
  /** False: the account has no money left. */
  balance: boolean
  /** False: nobody has proved who owns the account. */
  realName: boolean
  /** What a stop is that does not say: the account's own choice. */
  stoppedMode: 'KeepCharging' | 'StopCharging'
}

export interface Tagged {
  /** Under what it is known: its id, or the name of a key pair. */
  readonly id: string
  readonly region: string
  readonly madeAt: number
  readonly tags: Map<string, string>
  readonly resourceGroupId: string
}
export interface Vpc extends Tagged {
  readonly name: string
  readonly cidr: string
  readonly description: string
  readonly isDefault: boolean
  readonly vRouterId: string
  readonly routeTableId: string
}
export interface VSwitch extends Tagged {
  readonly name: string
  readonly zone: string
  readonly vpcId: string
  readonly cidr: string
  readonly description: string
  readonly isDefault: boolean
}
export interface Group extends Tagged {
  readonly name: string
  readonly vpcId: string
  readonly description: string
  readonly type: string
  rules: Data[]
}
export interface KeyPair extends Tagged {
  readonly publicKey: string
  readonly fingerprint: string
}
export interface Disk extends Tagged {
  readonly kind: 'system' | 'data'
  /** Without 'd-'. */
  readonly serial: string
  readonly zone: string
  readonly sizeGb: number
  readonly about: Data
  deleteWithInstance: boolean
  instanceId: string | undefined
  readonly device: string
}
export interface Eip extends Tagged {
  readonly address: string
  readonly about: Data
  state: 'Available' | 'Associating' | 'InUse' | 'Unassociating'
  instanceId: string
}
export interface Route {
  readonly id: string
  readonly tableId: string
  readonly cidr: string
  readonly nextHopType: string
  readonly nextHopId: string
  readonly madeAt: number
  readonly about: Data
  /** Set: it is being deleted. */
  endsAt: number | undefined
}
export interface Instance extends Tagged {
  readonly life: Life
  /** What the launch asked for; attributes that were changed later are in the fields below. */
  readonly asked: Data
  /** Which may change while it is stopped. */
  type: InstanceType
  readonly image: CloudImage
  readonly zone: string
  readonly vpcId: string
  readonly vswitchId: string
  readonly interfaceId: string
  readonly macAddress: string
  name: string
  description: string
  hostName: string
  password: string | undefined
  userData: string | undefined
  keyPair: string | undefined
  groupIds: string[]
  isProtected: boolean
  httpTokens: string
  httpEndpoint: string
  privateAddress: string
  publicAddress: string | undefined
  eip: Eip | undefined
  stoppedMode: string
  lock: string | undefined
  host: CloudHost | undefined
  reboots: number
  /** In how many descriptions it is still missing. */
  misses: number
}
export interface Balancer {
  readonly id: string
  readonly region: string
  readonly address: string
  backends: { ServerId: string; Weight: number }[]
}

export interface World {
  readonly region: string
  readonly delays: Delays
  readonly quotas: Quotas
  readonly stock: Stock
  readonly vpcs: Map<string, Vpc>
  readonly vswitches: Map<string, VSwitch>
  readonly groups: Map<string, Group>
  /** By region and name. */
  readonly keyPairs: Map<string, KeyPair>
  readonly disks: Map<string, Disk>
  readonly eips: Map<string, Eip>
  readonly routes: Map<string, Route>
  readonly instances: Map<string, Instance>
  readonly balancers: Map<string, Balancer>
  /** Regions whose default VPC is there, or was. */
  readonly entered: Set<string>
  readonly maker: HostMaker | undefined
  readonly addresses: AddressPool
  readonly say: (line: string) => void
  /** RAM roles of the account. */
  readonly roles: Set<string>
  /** What goes on by itself. */
  readonly tasks: Set<Promise<void>>
}

/** One request. */
export interface Ask {
  readonly service: string
  readonly action: string
  readonly region: string
  readonly parameters: Data
  /** Set by a launch, for faults by zone and type. */
  aims?: LaunchAims
}

/** What an action does once all it refuses was refused: a dry run ends before it. */
export type Effect = () => Data | Promise<Data>
export type Handler = (ask: Ask, world: World) => Effect
export type Handlers = Readonly<Record<string, Handler>>

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
/** i-bp1…: an id as the real ones look. */
export const newId = (prefix: string) =>
  `${prefix}-bp1${[...randomBytes(17)].map(byte => LETTERS[byte % LETTERS.length]).join('')}`

/** 2026-11-26T16:30Z: the API's times have no seconds in ECS, and have them in VPC. */
export const minutes = (ms: number) => new Date(ms).toISOString().replace(/:\d\d\.\d+Z$/, 'Z')
export const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

/** Whether what was made then is to be seen by now. */
export const isOld = (madeAt: number, unseenMs: number) => Date.now() - madeAt >= unseenMs

/** Something that ends by itself: whoever asks for settled() waits for it. */
export function later(world: World, task: () => Promise<void>): void {
  const going = task().catch(error => world.say(`the stand-in cloud failed: ${error.stack}`))
  world.tasks.add(going)
  void going.then(() => world.tasks.delete(going))
}
