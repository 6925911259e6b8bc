/** Blocks of IPv4 addresses. */

export interface Block {
  readonly first: number
  readonly bits: number
}

export const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
export const addressOf = (number: number) => [24, 16, 8, 0].map(shift => (number >>> shift) & 255).join('.')

/** Undefined: it is none, or has bits set beyond its mask. */
export function parseBlock(text: string): Block | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  if (!parts) return undefined
  const bits = Number(parts[5])
  if (bits > 32 || parts.slice(1, 5).some(part => Number(part) > 255)) return undefined
  const first = numberOf(parts.slice(1, 5).join('.'))
  return first % 2 ** (32 - bits) === 0 ? { first, bits } : undefined
}

const sizeOf = ({ bits }: Block) => 2 ** (32 - bits)
export const contains = (outer: Block, inner: Block) =>
  inner.bits >= outer.bits && inner.first >= outer.first && inner.first < outer.first + sizeOf(outer)
export const overlap = (a: Block, b: Block) => contains(a, b) || contains(b, a)
export const holds = (block: Block, address: string) => contains(block, { first: numberOf(address), bits: 32 })

/** Addresses of a vSwitch that things may have: the first and the last three are the system's. */
export function* usable(block: Block): Generator<string> {
  for (let n = block.first + 1; n < block.first + sizeOf(block) - 3; n++) yield addressOf(n)
}
