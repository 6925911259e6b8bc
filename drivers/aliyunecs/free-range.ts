/** A range for a new vSwitch: the first one of its VPC that no other vSwitch has. */

/** A VPC we make: away from what Docker gives its own networks (172.17.0.0/12, 192.168.0.0/16). */
export const OUR_VPC_RANGE = '10.0.0.0/16'
/** Wished for; where the VPC has no room for it, less. */
const WIDEST = 20
const NARROWEST = 28

/** Undefined: there is no room left. */
export function freeRange(vpcRanges: readonly string[], taken: readonly string[]): string | undefined {
  const others = taken.map(bounds)
  for (let bits = WIDEST; bits <= NARROWEST; bits += 4)
    for (const range of vpcRanges) {
      const [first, last] = bounds(range)
      const size = 2 ** (32 - bits)
      for (let at = first; at + size - 1 <= last; at += size)
        if (!others.some(([from, to]) => at <= to && from <= at + size - 1)) return `${textOf(at)}/${bits}`
    }
  return undefined
}

/** First and last address of '10.0.0.0/16' as numbers. */
function bounds(range: string): readonly [number, number] {
  const [address = '0.0.0.0', bits = '32'] = range.split('/')
  const size = 2 ** (32 - Number(bits))
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const first = Math.floor(number / size) * size
  return [first, first + size - 1]
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')
}
