/** The DHCP server of a host-only interface, and what it gave away. */
import { isIPv4 } from 'node:net'
import { type Listed, readList } from './listings.ts'
import { type Network, overlap, rangeOf } from './network.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

/** VirtualBox's own name of the network of an interface. */
const networkOf = (name: string) => `HostInterfaceNetworking-${name}`

/** Sees to it that addresses are given away in the network, or that they are not. Needs the lock. */
export async function haveDhcp(name: string, net: Network, wanted: boolean, here: Here): Promise<void> {
  const listed = readList(await vbox(['list', 'dhcpservers'], here, { doing: 'list DHCP servers' }))
  const there = listed.find(each => each.get('NetworkName') === networkOf(name))
  const isOn = there?.get('Enabled') === 'Yes'
  if (!wanted) {
    if (!isOn) return
    await change('modify', name, ['--disable'], here)
    return
  }
  // One that serves this network is left as it is: others use it, too.
  if (there && serves(there, net)) {
    if (!isOn) await change('modify', name, ['--enable'], here)
    return
  }
  const settings = [
    '--server-ip',
    net.server,
    '--netmask',
    net.netmask,
    '--lower-ip',
    net.lower,
    '--upper-ip',
    net.upper,
  ]
  await change(there ? 'modify' : 'add', name, [...settings, '--enable'], here)
}

/** The server's own keys were called otherwise before 6.1. */
function serves(server: Listed, net: Network): boolean {
  const all = [
    server.get('Dhcpd IP') ?? server.get('IP'),
    server.get('LowerIPAddress') ?? server.get('lowerIPAddress'),
    server.get('UpperIPAddress') ?? server.get('upperIPAddress'),
  ]
  return all.every(address => {
    const range = rangeOf(address ?? '')
    return range !== undefined && overlap(range, net)
  })
}

async function change(verb: 'add' | 'modify', name: string, settings: string[], here: Here): Promise<void> {
  await vbox(['dhcpserver', verb, '--network', networkOf(name), ...settings], here, { doing: 'set up its DHCP server' })
  here.point(`virtualbox dhcp ${verb}`)
}

/** The address that the card with this MAC got; undefined while it has none. */
export async function leaseOf(name: string, mac: string, here: Here): Promise<string | undefined> {
  const args = ['dhcpserver', 'findlease', '--network', networkOf(name), '--mac-address', mac]
  const said = await vbox(args, here, { doing: 'look up its address' }).catch(() => {
    here.signal.throwIfAborted()
    return '' // no lease, and no server, are errors to VirtualBox
  })
  const [lease] = readList(said)
  const address = lease?.get('IP Address') ?? ''
  return isIPv4(address) && !/offered|free/i.test(lease?.get('State') ?? '') ? address : undefined
}
