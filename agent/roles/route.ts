/**
 * Which operation a path means, told as the engine's router tells it. Where the two could differ (a container's name with a
 * slash, a path of two versions), no operation is found, and then only an admin gets through.
 */
import { OPERATIONS, type Operation } from './operations.ts'

/** Names here may hold slashes, so the last segment decides; what is written out goes before it. */
const NAMES_WITH_SLASHES = ['images', 'plugins', 'distribution']

/** No name of the engine's has these, and what could take a decoded path for something else has. */
const ODD = /[^\x21-\x7e]|[?#%\\]/

/** Segments without the API version, which may stand in front once. */
export function segmentsOf(path: string): readonly string[] | undefined {
  const [first, ...segments] = path.split('/')
  if (first !== '' || segments.some(one => one === '' || one === '.' || one === '..')) return undefined
  return /^v[0-9.]+$/.test(segments[0] ?? '') ? segments.slice(1) : segments
}

export function operationFor(method: string, segments: readonly string[]): Operation | undefined {
  if (segments.some(one => ODD.test(one))) return undefined
  return exactly(method, segments) ?? (method === 'HEAD' ? exactly('GET', segments) : undefined)
}

/** Whether the engine takes the connection over for a raw stream. Also for names the table does not know, for admins. */
export function takesOver(method: string, segments: readonly string[]): boolean {
  const [kind = '', ...rest] = segments
  const last = rest.at(-1)
  if (method === 'POST' && rest.length === 0) return kind === 'session' || kind === 'grpc'
  if (method === 'POST' && rest.length >= 2) {
    return (kind === 'containers' && last === 'attach') || (kind === 'exec' && last === 'start')
  }
  return method === 'GET' && kind === 'containers' && rest.length >= 3 && last === 'ws' && rest.at(-2) === 'attach'
}

function exactly(method: string, segments: readonly string[]): Operation | undefined {
  const candidates = OPERATIONS.filter(one => one.method === method)
  const written = candidates.find(one => one.path === `/${segments.join('/')}` && !one.path.includes('{'))
  return written ?? candidates.find(one => fits(one.path.slice(1).split('/'), segments))
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  const hole = pattern.findIndex(one => one.startsWith('{'))
  if (hole === -1 || segments.length < pattern.length) return false
  const behind = pattern.length - hole - 1
  if (segments.length > pattern.length && !NAMES_WITH_SLASHES.includes(pattern[0] ?? '')) return false
  const front = pattern.slice(0, hole).every((one, index) => one === segments[index])
  return front && pattern.slice(hole + 1).every((one, index) => one === segments[segments.length - behind + index])
}
