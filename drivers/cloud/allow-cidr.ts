/** From where a machine may be reached: a driver's `allow-cidr auto|CIDR…`. */
import { UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { normaliseCidr } from './cidr.ts'
import { ownAddress } from './own-address.ts'

export interface Ranges {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
}

export interface AllowAsk {
  /** Prefix of the flags that are named in texts: 'amazonec2'. */
  readonly driver: string
  /** What was typed; empty: `auto`. */
  readonly words: readonly string[]
  /** Services that tell this computer's address. */
  readonly checkUrls: { readonly v4: string; readonly v6: string }
  /** Reached by its private address: `auto` is the network's ranges then. */
  readonly privateOnly?: boolean
  readonly networkRanges: Ranges
  /** Reached over IPv6 alone: `auto` must be an IPv6 address. */
  readonly ipv6Only?: boolean
}

/** Checks what was typed, without asking anybody: throws UsageError. `auto` tells whether it is among it. */
export function parseAllowCidr(words: readonly string[], driver: string): Ranges & { auto: boolean } {
  const found = { v4: new Set<string>(), v6: new Set<string>() }
  let auto = words.length === 0
  for (const word of words.flatMap(text => text.split(',')).map(text => text.trim())) {
    if (word === '') continue
    if (word.toLowerCase() === 'auto') {
      auto = true
      continue
    }
    const range = normaliseCidr(word)
    if (!range)
      throw new UsageError(`--${driver}-allow-cidr cannot be "${word}"`, [
        'give `auto`, or addresses and ranges as 203.0.113.7, 198.51.100.0/24 or 2001:db8::/48',
      ])
    // A slip of the finger must not open a machine to the world.
    if (range.cidr.endsWith('/0') && !/^(0\.0\.0\.0|[0:]+)\/0$/.test(word))
      throw new UsageError(`--${driver}-allow-cidr ${word} would let everybody in`, [
        `if you mean that, say ${range.cidr}; one address is ${word.replace(/\/.*$/, '')}`,
      ])
    found[range.family === 4 ? 'v4' : 'v6'].add(range.cidr)
  }
  return { auto, v4: [...found.v4], v6: [...found.v6] }
}

/** The ranges to let in, normalised, each once. At most one request to the check service; throws naming the flag. */
export async function allowedRanges(ask: AllowAsk, ctx: Pick<Ctx, 'signal'>): Promise<Ranges> {
  const { auto, v4, v6 } = parseAllowCidr(ask.words, ask.driver)
  if (!auto) return { v4, v6 }
  const ours = ask.privateOnly ? ask.networkRanges : await rangeOfCaller(ask, ctx)
  return { v4: [...new Set([...v4, ...ours.v4])], v6: [...new Set([...v6, ...ours.v6])] }
}

async function rangeOfCaller({ driver, checkUrls, ipv6Only }: AllowAsk, { signal }: Pick<Ctx, 'signal'>) {
  const family = ipv6Only ? 6 : 4
  const range = normaliseCidr(await ownAddress({ url: checkUrls[`v${family}`], family, driver }, signal))
  const cidr = range ? [range.cidr] : []
  return { v4: range?.family === 4 ? cidr : [], v6: range?.family === 6 ? cidr : [] }
}
