/** What the record holds: Docker Machine's fields, which it and its users know, and what we need to find the VM again. */
import type { Ctx } from '../driver.ts'

export interface State {
  /** Where the host was last reached; '' until it has an address. */
  IPAddress: string
  MachineName: string
  SSHUser: string
  /** Port of 127.0.0.1 that VirtualBox forwards to sshd, as docker-machine logs in; we go to the address. */
  SSHPort: number
  CPU: number
  Memory: number
  DiskSize: number
  NatNicType: string
  Boot2DockerURL: string
  Boot2DockerImportVM: string
  HostDNSResolver: boolean
  HostOnlyCIDR: string
  HostOnlyNicType: string
  HostOnlyPromiscMode: string
  UIType: string
  HostOnlyNoDHCP: boolean
  NoShare: boolean
  DNSProxy: boolean
  NoVTXCheck: boolean
  ShareFolder: string
  /** The VM's UUID, chosen by us before it is made: names may be somebody else's. Absent in docker-machine's records. */
  VMId?: string
  /** MAC addresses of its two cards, twelve hex digits. */
  NatMac?: string
  HostOnlyMac?: string
  /** Its fixed address; '' or absent: by DHCP. */
  HostOnlyAddress?: string
  /** Path of its disk; there is none before the first checkpoint that names it. */
  Disk?: string
  /** The disk it grows out of; '': it has a whole copy. */
  BaseDisk?: string
  /** Where the image came from. */
  Image?: string
  StopTimeout?: number
}

/** What VBoxManage finds the VM by. */
export function vmOf(state: Pick<State, 'VMId' | 'MachineName'>): string {
  return state.VMId || state.MachineName
}

/** Docker Machine's records name no timeout. */
export const STOP_SECONDS = 120

export type Here = Pick<Ctx, 'env' | 'signal' | 'say' | 'point'>
