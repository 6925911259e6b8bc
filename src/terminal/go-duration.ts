/** Go's way to write a duration: 1m2.5s, 12.345ms, 0s. */
const UNITS = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
] as const

/** `ns` are nanoseconds. */
export function goDuration(ns: number): string {
  if (ns === 0) return '0s'
  if (ns < 0) return `-${goDuration(-ns)}`
  if (ns < 1e9) {
    const [unit, size] = UNITS.find(([, size]) => ns >= size) ?? ['ns', 1]
    return `${ns / size}${unit}`
  }
  const hours = Math.floor(ns / 3.6e12)
  const minutes = Math.floor(ns / 6e10) % 60
  const seconds = (ns % 6e10) / 1e9
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`
}
