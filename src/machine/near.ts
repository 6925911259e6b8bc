/** Whether an address is this computer's or that of a network it is in. */
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** False for names: what they stand for may change. */
export function isNear(address: string, interfaces = networkInterfaces()): boolean {
  const family = isIP(address)
  if (family === 0) return false
  const own = new BlockList()
  own.addSubnet('127.0.0.0', 8)
  own.addAddress('::1', 'ipv6')
  for (const { cidr } of Object.values(interfaces).flatMap(list => list ?? [])) {
    const [net, bits] = cidr?.split('/') ?? []
    // A tunnel's far end is in no network of ours, however its one address is written.
    if (net && Number(bits) > 0) own.addSubnet(net, Number(bits), isIP(net) === 6 ? 'ipv6' : 'ipv4')
  }
  return own.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
