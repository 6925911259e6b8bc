/** Address ranges: read, checked and written in one form, the one clouds keep them in. */
import { isIP, isIPv4 } from 'node:net'

/** '203.0.113.7' → '203.0.113.7/32'; '10.1.2.3/16' → '10.1.0.0/16'. Undefined: no address range. */
export function normaliseCidr(text: string): { readonly cidr: string; readonly family: 4 | 6 } | undefined {
  const [, address = '', bits] = /^([^/%\s]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const family = isIP(address)
  if (family !== 4 && family !== 6) return undefined
  const width = family === 4 ? 32 : 128
  const prefix = bits === undefined ? width : Number(bits)
  if (prefix > width) return undefined
  const rest = BigInt(width - prefix)
  const network = (numberOf(address) >> rest) << rest
  return { cidr: `${textOf(network, family)}/${prefix}`, family }
}

function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
  // An address's last 32 bits may be written as IPv4: the URL parser knows all notations.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const [head = [], tail = []] = groups.map(part => (part === '' ? [] : part.split(':')))
  const zeros = groups.length > 1 ? new Array<string>(8 - head.length - tail.length).fill('0') : []
  return [...head, ...zeros, ...tail].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n)
}

function textOf(value: bigint, family: 4 | 6): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.')
  const groups = [...new Array(8).keys()].map(i => ((value >> BigInt(112 - 16 * i)) & 65535n).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
