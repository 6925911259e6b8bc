/** All that an installation of VirtualBox keeps: plain data, so that it can be written down after each call. */

/** As showvminfo --machinereadable has them. */
export type VmState =
  | 'poweroff'
  | 'starting'
  | 'running'
  | 'paused'
  | 'saving'
  | 'saved'
  | 'restoring'
  | 'stopping'
  | 'aborted'

export interface Forward {
  readonly name: string
  readonly protocol: 'tcp' | 'udp'
  readonly hostIp: string
  readonly hostPort: number
  readonly guestIp: string
  readonly guestPort: number
}

export interface Nic {
  /** As modifyvm --nic takes it. */
  kind: string
  type: string
  /** '080027ABCDEF' */
  mac: string
  cable: boolean
  promisc: string
  /** What it is plugged into, by kind: 'hostonly' -> 'vboxnet0'. */
  readonly plugged: Record<string, string>
  forwards: Forward[]
  /** natdnsproxy and such. */
  readonly nat: Record<string, string>
}

export interface Attachment {
  readonly port: number
  readonly device: number
  readonly type: 'hdd' | 'dvddrive' | 'fdd'
  /** UUID; none: an empty drive. */
  readonly medium?: string
  readonly marks: Record<string, string>
}

export interface Controller {
  name: string
  readonly bus: string
  type: string
  ports: number
  bootable: boolean
  hostIoCache: string
  attachments: Attachment[]
}

export interface Snapshot {
  readonly uuid: string
  readonly name: string
  readonly description: string
  readonly parent?: string
  /** Hard disks of the machine when it was taken. */
  readonly media: readonly string[]
  readonly controllers: readonly Controller[]
}

export interface SharedFolder {
  readonly name: string
  readonly hostPath: string
  readonly readonly: boolean
  readonly autoMount: boolean
  readonly transient: boolean
}

export interface Vm {
  readonly uuid: string
  name: string
  readonly architecture: 'x86' | 'arm'
  groups: string
  osType: string
  settingsFile: string
  registered: boolean
  state: VmState
  /** When it came to this state. */
  since: number
  /** Until then the session is being closed, and nobody else may have it. */
  lockedUntil: number
  /** By the names showvminfo gives them. */
  readonly settings: Record<string, string>
  readonly nics: Record<string, Nic>
  controllers: Controller[]
  snapshots: Snapshot[]
  currentSnapshot?: string
  folders: SharedFolder[]
  extra: Record<string, string>
  properties: Record<string, { value: string; flags: string; at: number }>
}

export const MEDIUM_TYPES = ['normal', 'immutable', 'writethrough', 'shareable', 'readonly', 'multiattach'] as const
export type MediumType = (typeof MEDIUM_TYPES)[number]

export interface Medium {
  uuid: string
  readonly device: 'hdd' | 'dvd' | 'floppy'
  location: string
  /** 'VDI', 'VMDK', 'RAW' … */
  readonly format: string
  readonly variant: string
  capacity: number
  type: MediumType
  parent?: string
  readonly properties: Record<string, string>
}

export interface HostOnlyIf {
  readonly name: string
  readonly uuid: string
  readonly mac: string
  ip: string
  mask: string
  dhcp: boolean
}

export interface HostOnlyNet {
  name: string
  uuid: string
  mask: string
  lower: string
  upper: string
  enabled: boolean
}

export interface DhcpServer {
  readonly network: string
  ip: string
  mask: string
  lower: string
  upper: string
  enabled: boolean
  /** '-' or VM:NIC or MAC, with what was set there. */
  readonly configs: Record<string, Record<string, string>>
}

export interface Lease {
  readonly network: string
  /** '080027ABCDEF' */
  readonly mac: string
  readonly ip: string
  readonly at: number
}

export interface World {
  vms: Vm[]
  media: Medium[]
  hostOnlyIfs: HostOnlyIf[]
  hostOnlyNets: HostOnlyNet[]
  dhcpServers: DhcpServer[]
  leases: Lease[]
  extra: Record<string, string>
  /** How many interfaces were ever made: their names are not given again at once. */
  counter: number
}

export const emptyWorld = (): World => ({
  vms: [],
  media: [],
  hostOnlyIfs: [],
  hostOnlyNets: [],
  dhcpServers: [],
  leases: [],
  extra: {},
  counter: 0,
})

export const children = (world: World, { uuid }: Medium): Medium[] => world.media.filter(each => each.parent === uuid)

/** Machines that have it attached, or had it when a snapshot was taken. */
export const usersOf = (world: World, { uuid }: Medium): Vm[] =>
  world.vms.filter(
    ({ controllers, snapshots }) =>
      controllers.some(({ attachments }) => attachments.some(each => each.medium === uuid)) ||
      snapshots.some(({ media }) => media.includes(uuid)),
  )
