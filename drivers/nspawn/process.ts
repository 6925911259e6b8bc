import { readFile } from 'node:fs/promises'
import type { Places } from './state.ts'

export type Life = 'gone' | 'starting' | 'running'

/** State letter and start time of a process, from /proc/<pid>/stat; the name in it may hold anything, brackets too. */
function readStat(text: string): { state: string; start: string } {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', start: fields[19] ?? '' }
}

const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/**
 * Whether the host's systemd-nspawn runs. Needs no root. A pid counts only with the start time and boot it was written
 * down with, so after a reboot of this computer, or when the pid was used again, the host is gone.
 */
export async function readLife(places: Places, proc = '/proc'): Promise<Life> {
  const [pid = '', start, boot] = (await read(places.pid)).trim().split(' ')
  if (!/^\d+$/.test(pid)) return 'gone'
  const [stat, bootId] = await Promise.all([read(`${proc}/${pid}/stat`), read(`${proc}/sys/kernel/random/boot_id`)])
  const now = readStat(stat)
  if (bootId.trim() !== boot || now.start !== start || now.state === 'Z' || now.state === 'X') return 'gone'
  // The init is its child; without one the container is being set up, or taken down.
  const children = await read(`${proc}/${pid}/task/${pid}/children`)
  return children.trim() === '' ? 'starting' : 'running'
}
