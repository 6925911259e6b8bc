/** Room where the store lies, and where drivers keep their hosts. */
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { World } from '../world.ts'
import { type Check, type Finding, failed, ok, warning } from './check.ts'

const MB = 1_048_576
/** A machine's folder holds kilobytes; below this nothing more can be written. */
const STORE_LEAST_MB = 4
const STORE_LOW_MB = 100
/** What a host of a driver on this computer needs for its first images. */
const HOSTS_LOW_MB = 2048

export function diskChecks(w: World): Check<World>[] {
  const drivers = w.drivers.flatMap(({ name, folders }) => (folders ? [{ name, paths: folders(w.env) }] : []))
  return [
    {
      id: 'store-disk',
      what: 'disk of the store',
      look: async () => await room(w.store.path, STORE_LEAST_MB, STORE_LOW_MB),
    },
    ...drivers.map(({ name, paths }) => ({
      id: `driver-${name}-disk`,
      what: `disk of ${name}`,
      look: async () => {
        const rooms = await Promise.all(paths.map(path => room(path, 0, HOSTS_LOW_MB)))
        const worse = rooms.find(r => r.state === 'failed') ?? rooms.find(r => r.state === 'warning')
        return worse ?? ok([...new Set(rooms.map(r => r.detail))].join(', '))
      },
    })),
  ]
}

async function room(path: string, leastMb: number, lowMb: number): Promise<Finding> {
  const seen = await statfs(path).catch(() => undefined)
  if (!seen)
    return dirname(path) === path ? failed(`${path} cannot be looked at`) : await room(dirname(path), leastMb, lowMb)
  const free = Math.floor((seen.bavail * seen.bsize) / MB)
  const where = `${free} MB free at ${path}`
  if (free < leastMb) return failed(`full: ${where}`, `make room on that disk: df -h ${path}`)
  if (seen.files > 0 && seen.ffree === 0) return failed(`no more files fit: all inodes at ${path} are used`)
  return free < lowMb ? warning(`low: ${where}`, `make room on that disk: df -h ${path}`) : ok(where)
}
