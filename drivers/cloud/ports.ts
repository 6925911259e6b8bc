/** Ports as a driver's `open-port` flag writes them. */
import { UsageError } from '../../src/errors.ts'

export interface PortRange {
  readonly protocol: 'tcp' | 'udp'
  readonly from: number
  readonly to: number
}

/** `80`, `53/udp`, `8000-8010/tcp`. `flag`: '--amazonec2-open-port'. Throws UsageError. */
export function parsePort(word: string, flag: string): PortRange {
  const [, first, last = first, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp))?$/.exec(word.trim()) ?? []
  const range = { protocol: protocol as PortRange['protocol'], from: Number(first), to: Number(last) }
  const sound = range.from >= 1 && range.from <= range.to && range.to <= 65_535
  if (sound) return range
  throw new UsageError(`${flag} "${word}" is no port`, ['as in 80, 53/udp or 8000-8010/tcp'])
}
