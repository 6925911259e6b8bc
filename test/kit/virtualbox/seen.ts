/** What tests set of the stand-in, see of it and do to it. */
import type { Computer, Delays } from './box.ts'
import type { CallSeen } from './call.ts'
import type { Faults } from './faults.ts'
import type { VmHost, VmHostMaker } from './hosts.ts'
import type { Architecture, Platform, Release } from './versions.ts'
import type { VmState } from './world.ts'

export interface VirtualBoxOptions {
  /** 7.0 by default. */
  readonly release?: Release
  /** Whose grammar and texts: linux by default. It runs on this computer all the same. */
  readonly platform?: Platform
  /** Of the computer: x86 by default. */
  readonly architecture?: Architecture
  /** Who makes guests; with nobody machines run, and nobody is in them. test/hosts/virtualbox-hosts.ts has one. */
  readonly makeHost?: VmHostMaker
  readonly computer?: Partial<Computer>
  readonly delays?: Partial<Delays>
  /** Text of /etc/vbox/networks.conf; none by default. */
  readonly networksConf?: string
  /** Told what goes on. */
  readonly say?: (line: string) => void
}

/** A machine as it is now. */
export interface VmNow {
  readonly name: string
  readonly uuid: string
  readonly state: VmState
  /** Whether its guest has come up since it was started. */
  readonly isBooted: boolean
  readonly host: VmHost | undefined
  /** Addresses that DHCP servers gave it. */
  readonly leases: readonly string[]
}

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface VirtualBoxStandIn extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  /** All of it: its own networks.conf, 'VirtualBox VMs', VirtualBox.json with what it keeps, dhcpd_leases as macOS has it. */
  readonly folder: string
  /** Folder with VBoxManage in it. */
  readonly bin: string
  /** PATH with that folder first, and VBOX_USER_HOME. */
  readonly env: Readonly<Record<string, string>>
  /** In the order in which they ended; those of `manage` are not among them. */
  readonly calls: readonly CallSeen[]
  /** Calls no good client makes, and what went wrong where nobody is told: [] when all is well. */
  readonly complaints: readonly string[]
  readonly faults: Faults
  /** May be changed. */
  readonly computer: Computer
  readonly delays: Delays
  /** Whether the call of killAt came. */
  readonly killed: boolean
  /** Calls `kill` at the nth call from now, from 1, before it has an effect or after. */
  killAt(n: number, when: 'before' | 'after', kill: () => void): void
  machines(): VmNow[]
  /** All there is: machines, media, interfaces, DHCP servers, guests, ports. One line a thing. */
  left(): string[]
  /** What is there now is no longer told by left(). */
  markFresh(): void
  /** Resolves when no machine is booting or shutting down. */
  settled(): Promise<void>
  /** Whether the guest heeds its power button. */
  setDeaf(name: string, deaf: boolean): void
  /** As if the machine's process had died. */
  crash(name: string): Promise<void>
  setNetworksConf(text: string | undefined): void
  /** VBoxManage, called by somebody else. */
  manage(...argv: string[]): Promise<Ran>
}
