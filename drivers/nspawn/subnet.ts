import { isIPv4 } from 'node:net'
import { UsageError } from '../../src/errors.ts'

/** An IPv4 network; addresses as numbers, so that they can be counted. */
export interface Subnet {
  /** 'a.b.c.d/n', base address. */
  readonly cidr: string
  readonly base: number
  readonly prefix: number
  /** Address of the bridge on this computer, the hosts' gateway: the first one. */
  readonly gateway: string
  /** First and last address a host may have. */
  readonly first: number
  readonly last: number
  /** Name of the bridge, derived from the network: every store and every process comes to the same one. */
  readonly bridge: string
}

/** Bridges of this driver are named by this; 15 characters are all an interface name may have. */
export const BRIDGE_NAME = /^mn-([0-9a-f]{8})-(\d{1,2})$/

export function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function toAddress(number: number): string {
  return [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')
}

/** Reads '198.18.0.0/15'; the base may be any address of the network. Throws UsageError for what has no room. */
export function parseSubnet(text: string): Subnet {
  const [address = '', length = ''] = text.split('/')
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : -1
  if (!isIPv4(address) || prefix < 8 || prefix > 29) {
    throw new UsageError(`"${text}" is no subnet for --nspawn-subnet`, [
      'give an IPv4 network from /8 to /29, as 198.18.0.0/15',
    ])
  }
  const size = 2 ** (32 - prefix)
  const base = toNumber(address) - (toNumber(address) % size)
  return {
    cidr: `${toAddress(base)}/${prefix}`,
    base,
    prefix,
    gateway: toAddress(base + 1),
    first: base + 2,
    last: base + size - 2,
    bridge: `mn-${base.toString(16).padStart(8, '0')}-${prefix}`,
  }
}

/** Whether two networks share an address. */
export function overlaps(a: Pick<Subnet, 'base' | 'prefix'>, b: Pick<Subnet, 'base' | 'prefix'>): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix))
  return Math.floor(a.base / size) === Math.floor(b.base / size)
}
