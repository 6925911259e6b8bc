/**
 * A lock on a full disk: the text of a symbolic link instead of a file. File systems keep a short one (ext4: up to 59
 * bytes) in the link's own inode, where nothing has to be free; so `rm`, which makes room, can still lock.
 */
import { createHash } from 'node:crypto'
import { lstat, symlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { type ProcessIdentity, surroundings } from './process-identity.ts'
import { errnoOf, unwritable } from './unwritable.ts'

export interface LinkHolder extends ProcessIdentity {
  readonly token: string
  readonly purpose: string
  readonly since: string
}

/** True when `error` came of a disk with no room for another file. */
export function isDiskFull(error: unknown): boolean {
  const { cause } = Object(error) as { cause?: unknown }
  return ['ENOSPC', 'EDQUOT'].includes(errnoOf(error)) || ['ENOSPC', 'EDQUOT'].includes(errnoOf(cause))
}

/** Makes the lock, or leaves what is there: false then. */
export async function createLink(path: string, mine: ProcessIdentity & { token: string }): Promise<boolean> {
  const { pid, started, token } = mine
  const place = [mine.host, mine.boot, mine.pids].map(short).join('')
  try {
    await symlink([pid, started.replace(/[^\w:]+/g, '_'), token, place].join('.'), path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw unwritable(path, error)
  }
}

/** Who holds the lock that is a link with this text; undefined if it is no lock of ours. */
export async function holderOfLink(path: string, text: string): Promise<LinkHolder | undefined> {
  const [, pid, started = '', token, host, boot, pids] =
    /^(\d+)\.([\w:]*)\.([0-9a-f]{8})\.(\w{6})(\w{6})(\w{6})$/.exec(text) ?? []
  if (pid === undefined || token === undefined) return undefined
  const here = await surroundings()
  const since = await lstat(path).then(
    stat => stat.mtime.toISOString(),
    () => 'an unknown time',
  )
  return {
    pid: Number(pid),
    started: started.replaceAll('_', ' '),
    token,
    host: host === short(hostname()) ? hostname() : 'another computer',
    boot: boot === short(here.boot) ? here.boot : 'another boot',
    pids: pids === short(here.pids) ? here.pids : 'another namespace',
    purpose: 'work on a full disk',
    since,
  }
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 6)
