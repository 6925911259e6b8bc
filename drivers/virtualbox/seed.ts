/**
 * The seed of a machine: both its cards by their MACs, its login and key, and how the shared folder is mounted. The cards
 * are called as in boot2docker, for `docker swarm init --advertise-addr eth1` and its like.
 */
import { withColons } from '../local/network-config.ts'
import { seedImage } from '../local/seed.ts'
import type { Network } from './network.ts'
import { mountScript, type Share } from './share.ts'
import type { State } from './state.ts'

export function seedFor(
  state: State,
  net: Network,
  publicKey: string,
  share: Share | undefined,
  userData: Uint8Array | undefined,
): Buffer {
  const { VMId = '', NatMac = '', HostOnlyMac = '', HostOnlyAddress } = state
  const address = HostOnlyAddress ? `${HostOnlyAddress}/${net.prefix}` : undefined
  return seedImage({
    instanceId: VMId,
    hostName: state.MachineName,
    user: state.SSHUser,
    publicKey,
    interfaces: [
      { name: 'eth0', mac: withColons(NatMac), isUplink: true },
      { name: 'eth1', mac: withColons(HostOnlyMac), address, isUplink: false },
    ],
    userData,
    scripts: share ? [mountScript(share)] : [],
  })
}
