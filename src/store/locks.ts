/** The locks that lie in a store, for those who look. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { holderOf } from './lock.ts'
import { fateOf } from './process-identity.ts'
import { errnoOf, unreadable } from './unwritable.ts'

export interface SeenLock {
  readonly file: string
  /** 'alive', 'dead' (stale), 'elsewhere' (another computer's), 'unreadable' (not one of ours). */
  readonly fate: 'alive' | 'dead' | 'elsewhere' | 'unreadable'
  /** 'dev: process 4711 (create dev) since 2026-…'. */
  readonly text: string
  /** The command that removes it. */
  readonly remove: string
}

/** All locks of the store at `root`, changing none. Guards of stale locks are no locks of their own. */
export async function listLocks(root: string): Promise<SeenLock[]> {
  const folder = join(root, 'locks')
  const names = await readdir(folder).catch(error => {
    if (errnoOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  })
  const seen: SeenLock[] = []
  for (const name of names.filter(n => n.endsWith('.lock')).sort()) {
    const file = join(folder, name)
    const remove = `rm '${file.replaceAll("'", `'\\''`)}'`
    const of = name
      .replace(/\.lock$/, '')
      .replace(/^\.certs$/, 'certificates')
      .replace(/^\.cache$/, 'cache')
    try {
      const holder = await holderOf(file)
      if (!holder) continue // released meanwhile
      const where = (await fateOf(holder)) === 'elsewhere' ? ` on ${holder.host}` : ''
      const text = `${of}: process ${holder.pid}${where} (${holder.purpose}) since ${holder.since}`
      seen.push({ file, fate: await fateOf(holder), text, remove })
    } catch {
      seen.push({ file, fate: 'unreadable', text: of, remove })
    }
  }
  return seen
}
