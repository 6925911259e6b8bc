/** Host-only networks of macOS, from VirtualBox 7 on: this computer has the lowest address, and DHCP comes with them. */
import { readList } from './listings.ts'
import { type Network, toAddress } from './network.ts'
import { vbox } from './run.ts'
import type { Here } from './state.ts'

/** The network's name, made where there is none. Needs the lock. */
export async function haveHostOnlyNet(net: Network, here: Here): Promise<string> {
  const listed = readList(await vbox(['list', 'hostonlynets'], here, { doing: 'list host-only networks' }))
  const there = listed.find(each => each.get('LowerIP') === net.own && each.get('NetworkMask') === net.netmask)
  const name = there?.get('Name')
  if (name !== undefined) return name
  const made = `machine-${toAddress(net.base)}`
  const range = ['--netmask', net.netmask, '--lower-ip', net.own, '--upper-ip', net.upper]
  await vbox(['hostonlynet', 'add', '--name', made, ...range, '--enable'], here, { doing: 'make a host-only network' })
  here.point('virtualbox network made')
  return made
}
