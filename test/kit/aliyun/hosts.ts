/** What this cloud wants of whoever makes its hosts, beyond what any cloud wants. */
import type { HostMaker as AnyHostMaker, HostAsk } from '../cloud/hosts.ts'

export interface DataDisk {
  /** Without its 'd-': by that the guest finds the disk, as /dev/disk/by-id/virtio-…. */
  readonly serial: string
  readonly sizeGb: number
}

export interface AliyunHostAsk extends HostAsk {
  /** Of the login, which may then use it. */
  readonly password?: string
  readonly hostName: string
  readonly disks: readonly DataDisk[]
}

export type HostMaker = AnyHostMaker<AliyunHostAsk>
