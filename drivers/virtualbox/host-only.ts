/**
 * The host-only network of the machines, shared by all of a person's. One process at a time makes or changes it: of two
 * creates each would make one of its own. It stays when the last machine goes, as Docker Machine's did: VirtualBox keeps
 * such networks for whoever comes next.
 */
import { join } from 'node:path'
import { haveDhcp } from './dhcp.ts'
import { haveInterface } from './host-only-if.ts'
import { haveHostOnlyNet } from './host-only-net.ts'
import type { Network } from './network.ts'
import { inTurn } from './networks-lock.ts'
import type { Here } from './state.ts'
import { isAtLeast, option, type Version } from './version.ts'

export interface HostOnly {
  /** Name of the interface ('vboxnet0'), or of the network where macOS has those instead. */
  readonly name: string
  readonly kind: 'interface' | 'network'
}

export interface HostOnlyAsk {
  readonly net: Network
  readonly dhcp: boolean
}

/** macOS from VirtualBox 7 on: interfaces of its own are no longer allowed there. */
export function hasNetworks(version: Version, platform = process.platform): boolean {
  return platform === 'darwin' && isAtLeast(version, 7)
}

/** The network, made where it is not there; its DHCP server is as asked. */
export async function haveHostOnly(ask: HostOnlyAsk, version: Version, here: Here): Promise<HostOnly> {
  return await inTurn(here, async folder => {
    if (hasNetworks(version)) return { name: await haveHostOnlyNet(ask.net, here), kind: 'network' }
    const name = await haveInterface(ask.net, join(folder, 'interface-pending.json'), here)
    await haveDhcp(name, ask.net, ask.dhcp, here)
    return { name, kind: 'interface' }
  })
}

/** Options of `modifyvm` that put card 2 into it. */
export function cardOptions({ name, kind }: HostOnly, version: Version): string[] {
  return kind === 'network'
    ? ['--nic2', 'hostonlynet', '--host-only-net2', name]
    : ['--nic2', 'hostonly', option(version, 'hostonlyadapter2'), name]
}
