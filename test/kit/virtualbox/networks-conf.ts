/**
 * Which addresses host-only interfaces may have (since 6.1.28, but on Windows): 192.168.56.0/21 unless networks.conf says
 * otherwise. The file is the installation's own here; its lines count only when they begin with '* '.
 */
import { readFileSync } from 'node:fs'

export const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export const toAddress = (n: number): string => [24, 16, 8, 0].map(shift => (n >>> shift) & 255).join('.')
export const isAddress = (text: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every(n => +n < 256)

/** Length of its prefix; undefined: it is no mask. */
export function prefixOf(mask: string): number | undefined {
  if (!isAddress(mask)) return undefined
  const bits = toNumber(mask).toString(2).padStart(32, '0')
  return /^1*0*$/.test(bits) ? (bits.indexOf('0') === -1 ? 32 : bits.indexOf('0')) : undefined
}

const DEFAULT = '* 192.168.56.0/21'

function rangesOf(text: string): { base: number; size: number }[] {
  return text
    .split('\n')
    .filter(line => /^\s*\*\s/.test(line))
    .flatMap(line => line.trim().split(/\s+/).slice(1))
    .filter(word => /^[\d.]+\/\d+$/.test(word))
    .map(word => {
      const [address = '', length = ''] = word.split('/')
      const size = 2 ** (32 - Number(length))
      return { base: Math.floor(toNumber(address) / size) * size, size }
    })
}

/** Whether networks.conf, a path, lets a host-only interface have this address. */
export function isAllowed(conf: string, ip: string): boolean {
  let text = DEFAULT
  try {
    text = readFileSync(conf, 'utf8')
  } catch {
    // No file: the default.
  }
  const n = toNumber(ip)
  return rangesOf(text).some(({ base, size }) => n >= base && n < base + size)
}
