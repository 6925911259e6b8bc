/** The DHCP servers of host-only networks, and who has which address of theirs. */
import { writeFileSync } from 'node:fs'
import { toAddress, toNumber } from './networks-conf.ts'
import { LINK_NAMES } from './seed.ts'
import type { DhcpServer, Lease, Nic, Vm, World } from './world.ts'

/** Name of the network a card is plugged into, as dhcpserver calls it; undefined: one with no server of this kind. */
export function networkOf(nic: Nic): string | undefined {
  if (nic.kind === 'hostonly') return `HostInterfaceNetworking-${nic.plugged.hostonly ?? ''}`
  if (nic.kind === 'hostonlynetwork') return `hostonly-${nic.plugged.hostonlynetwork ?? ''}`
  return undefined
}

/** The server that answers there: networks of vmnet have theirs built in, and their host has the lowest address. */
export function serverOf(
  world: World,
  network: string,
): Pick<DhcpServer, 'network' | 'lower' | 'upper' | 'mask' | 'configs'> | undefined {
  const net = world.hostOnlyNets.find(({ name }) => `hostonly-${name}` === network)
  if (net?.enabled)
    return { network, lower: toAddress(toNumber(net.lower) + 1), upper: net.upper, mask: net.mask, configs: {} }
  return world.dhcpServers.find(each => each.network === network && each.enabled)
}

/** The address the server gives this card: the one it had, one set for it, or a free one; undefined when there is none. */
export function giveLease(world: World, vm: Vm, slot: string, offset: number): Lease | undefined {
  const nic = vm.nics[slot]
  const network = nic && networkOf(nic)
  const server = network === undefined ? undefined : serverOf(world, network)
  if (!nic || !server || network === undefined) return undefined
  const [first, last] = [toNumber(server.lower), toNumber(server.upper)]
  const fixed = server.configs[`${vm.uuid}:${slot}`]?.fixedAddress ?? server.configs[nic.mac]?.fixedAddress
  const isFree = (ip: string) =>
    !world.leases.some(each => each.network === network && each.ip === ip && each.mac !== nic.mac)
  const held = world.leases.find(each => each.network === network && each.mac === nic.mac)?.ip
  const inRange = (ip: string) => toNumber(ip) >= first && toNumber(ip) <= last
  const size = last - first + 1
  const free = Array.from({ length: size }, (_, i) => toAddress(first + ((i + offset) % size)))
  const ip = fixed ?? (held !== undefined && inRange(held) ? held : free.find(isFree))
  if (ip === undefined) return undefined
  const lease = { network, mac: nic.mac, ip, at: Date.now() }
  world.leases = [...world.leases.filter(each => each.network !== network || each.mac !== nic.mac), lease]
  return lease
}

/** 'enp0s8' for '2'. */
export const linkName = (slot: string): string => LINK_NAMES[Number(slot) - 1] ?? `enp0s${20 + Number(slot)}`

/** As macOS keeps the leases of its own networks, vmnet's: bytes of hardware addresses without leading zeros. */
export function writeAppleLeases(path: string, { leases, vms }: World): void {
  const blocks = leases.map(({ mac, ip, at }) => {
    const short = (mac.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16).toString(16)).join(':')
    const name = vms.find(({ nics }) => Object.values(nics).some(nic => nic.mac === mac))?.name ?? ''
    const end = Math.floor(at / 1000) + 86_400
    return `{\n\tname=${name}\n\tip_address=${ip}\n\thw_address=1,${short}\n\tidentifier=1,${short}\n\tlease=0x${end.toString(16)}\n}\n`
  })
  writeFileSync(path, blocks.join(''))
}
