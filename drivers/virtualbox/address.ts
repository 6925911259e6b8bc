/** Where a VM's host is reached: the address of its card in the host-only network. */
import { isIPv4 } from 'node:net'
import { appleLease } from './apple-leases.ts'
import { leaseOf } from './dhcp.ts'
import { vbox } from './run.ts'
import { type Here, type State, vmOf } from './state.ts'

/** Cards a VM can have. */
const MOST_CARDS = 8

/** Card of the VM that is in a host-only network, as showvminfo tells it. */
export interface Card {
  /** Counts from 1. */
  readonly index: number
  readonly mac: string
  readonly interface: string | undefined
}

export function hostOnlyCard(info: ReadonlyMap<string, string>): Card | undefined {
  for (let index = 1; index <= MOST_CARDS; index++) {
    const kind = info.get(`nic${index}`)
    const mac = info.get(`macaddress${index}`)
    if (mac && /^hostonly/.test(kind ?? '')) return { index, mac, interface: info.get(`hostonlyadapter${index}`) }
  }
  return undefined
}

/**
 * The address: the fixed one, else what DHCP gave, else what Guest Additions in the host say (docker-machine's hosts have
 * them). Undefined while none is known.
 */
export async function addressOf(
  state: Pick<State, 'VMId' | 'MachineName' | 'HostOnlyAddress'>,
  info: ReadonlyMap<string, string>,
  here: Here,
): Promise<string | undefined> {
  if (state.HostOnlyAddress) return state.HostOnlyAddress
  const card = hostOnlyCard(info)
  if (!card) return undefined
  const leased = card.interface ? await leaseOf(card.interface, card.mac, here) : await appleLease(card.mac)
  return leased ?? (await toldByGuest(state, card, here))
}

async function toldByGuest(state: Pick<State, 'VMId' | 'MachineName'>, { index }: Card, here: Here) {
  const key = `/VirtualBox/GuestInfo/Net/${index - 1}/V4/IP`
  const said = await vbox(['guestproperty', 'get', vmOf(state), key], here, { doing: 'look up its address' }).catch(
    () => '',
  )
  here.signal.throwIfAborted()
  const address = /^Value:\s*(\S+)\s*$/m.exec(said)?.[1] ?? ''
  return isIPv4(address) ? address : undefined
}
