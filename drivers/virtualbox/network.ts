/** The host-only network as flags name it: this computer's address in it, and what follows from that. */
import { isIPv4 } from 'node:net'
import { UsageError } from '../../src/errors.ts'

export interface Network {
  /** This computer's address. */
  readonly own: string
  readonly prefix: number
  readonly netmask: string
  readonly base: number
  readonly last: number
  /** The DHCP server's own address, and those it gives out. */
  readonly server: string
  readonly lower: string
  readonly upper: string
}

/** Reads '192.168.59.1/24'. Throws UsageError for what is no address of a host in such a network. */
export function parseNetwork(text: string): Network {
  const [own = '', bits = ''] = text.split('/')
  const prefix = /^\d{1,2}$/.test(bits) ? Number(bits) : -1
  if (!isIPv4(own) || prefix < 8 || prefix > 29)
    throw new UsageError(`--virtualbox-hostonly-cidr "${text}" is no host-only network`, [
      'give the address of this computer in it, with a prefix from 8 to 29, as 192.168.59.1/24',
    ])
  const size = 2 ** (32 - prefix)
  const base = toNumber(own) - (toNumber(own) % size)
  const last = base + size - 1
  if (toNumber(own) === base || toNumber(own) === last)
    throw new UsageError(`--virtualbox-hostonly-cidr ${text} names the whole network, not this computer in it`, [
      `give an address in it, as ${toAddress(base + 1)}/${prefix}`,
    ])
  // As Docker Machine: .100 to .254 of a network that has them, else its upper half.
  const [lower, upper] = size >= 256 ? [base + 100, base + 254] : [base + size / 2, last - 1]
  const server = [base + 2, base + 3].find(number => number !== toNumber(own)) as number
  return {
    own,
    prefix,
    netmask: toAddress((2 ** 32 - size) >>> 0),
    base,
    last,
    server: toAddress(server),
    lower: toAddress(lower),
    upper: toAddress(upper),
  }
}

/** Throws UsageError for an address that a host in this network cannot have. */
export function checkAddress(text: string, net: Network): string {
  const number = isIPv4(text) ? toNumber(text) : -1
  const free = number > net.base && number < net.last && text !== net.own && text !== net.server
  if (free) return text
  throw new UsageError(
    `--virtualbox-hostonly-address ${text} is no free address of ${toAddress(net.base)}/${net.prefix}`,
    [`this computer has ${net.own}; below ${net.lower} no DHCP server gives any away`],
  )
}

/** Addresses for hosts that have a fixed one: between what has a meaning and what DHCP gives away. */
export function fixedAddresses(net: Network): string[] {
  const from = net.base + 4
  const all = Array.from({ length: Math.max(0, toNumber(net.lower) - from) }, (_, i) => toAddress(from + i))
  return all.filter(address => address !== net.own)
}

/** Whether two networks share an address. */
export function overlap(a: Pick<Network, 'base' | 'last'>, b: Pick<Network, 'base' | 'last'>): boolean {
  return a.base <= b.last && b.base <= a.last
}

/** '10.1.2.3/16' as numbers; undefined for anything else. */
export function rangeOf(cidr: string): Pick<Network, 'base' | 'last'> | undefined {
  const [, address = '', bits = '32'] = /^([\d.]+)(?:\/(\d{1,2}))?$/.exec(cidr) ?? []
  if (!isIPv4(address) || Number(bits) > 32) return undefined
  const size = 2 ** (32 - Number(bits))
  const base = toNumber(address) - (toNumber(address) % size)
  return { base, last: base + size - 1 }
}

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')
}
