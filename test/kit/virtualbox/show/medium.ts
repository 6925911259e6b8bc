/** showmediuminfo and list hdds, for people: nobody has a form for machines. */
import { existsSync, statSync } from 'node:fs'
import type { Box } from '../box.ts'
import { children, type Medium, usersOf } from '../world.ts'
import type { Words } from './words.ts'

export function showMedium(box: Box, medium: Medium, words: Words, long: boolean): string {
  const { uuid, location, format, variant, capacity, type, parent, properties } = medium
  const isThere = existsSync(location)
  const state = !isThere
    ? 'inaccessible'
    : box.isInUse(medium)
      ? type === 'readonly'
        ? 'locked read'
        : 'locked write'
      : 'created'
  const kind = type === 'normal' ? `normal (${parent === undefined ? 'base' : 'differencing'})` : type
  const line = (label: string, value: string) => `${words(label).padEnd(15)} ${value}`
  const lines = [
    line('UUID:', uuid),
    line('Parent UUID:', parent ?? 'base'),
    line('State:', state),
    line('Type:', kind),
    line('Location:', location),
    line('Storage format:', format),
    ...(long ? [line('Format variant:', variant)] : []),
    line('Capacity:', `${Math.floor(capacity / 2 ** 20)} MBytes`),
    ...(long
      ? [line('Size on disk:', `${isThere ? Math.ceil((statSync(location).blocks * 512) / 2 ** 20) : 0} MBytes`)]
      : []),
    line('Encryption:', 'disabled'),
  ]
  if (long) {
    const first = (i: number, label: string) => (i === 0 ? label : '')
    for (const [i, [key, value]] of Object.entries(properties).entries())
      lines.push(line(first(i, 'Property:'), `${key}=${value}`))
    for (const [i, { name, uuid: id }] of usersOf(box.world, medium).entries())
      lines.push(line(first(i, 'In use by VMs:'), `${name} (UUID: ${id})`))
    for (const [i, each] of children(box.world, medium).entries()) lines.push(line(first(i, 'Child UUIDs:'), each.uuid))
  }
  return `${lines.join('\n')}\n`
}
