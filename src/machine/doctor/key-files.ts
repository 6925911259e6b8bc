/** Keys are their owner's alone: ssh refuses others, and whoever reads key.pem is root on every machine. */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { quote } from '../../ssh/quote.ts'
import type { World } from '../world.ts'
import { type Check, failed, ok, skipped } from './check.ts'

const KEYS = /^(ca-key|key|server-key)\.pem$|^id_[a-z0-9]+$/
/** More lines help nobody: the first commands show how it is done. */
const MOST = 5

export const keyFiles: Check<World> = {
  id: 'key-files',
  what: 'key files',
  needs: ['store'],
  async look(w) {
    if (w.platform === 'win32') return skipped('Windows has no such modes')
    const names = await w.store.list()
    const folders = [['certs'], ...names.map(name => ['machines', name])].map(parts => w.store.filePath(parts))
    const open: string[] = []
    let count = 0
    for (const folder of folders)
      for (const file of (await readdir(folder).catch(() => [])).filter(name => KEYS.test(name))) {
        const path = join(folder, file)
        const { mode } = await lstat(path)
        count += 1
        if ((mode & 0o077) !== 0) open.push(path)
      }
    if (open.length === 0) return ok(count === 0 ? 'none yet' : `${count}, readable by you alone`)
    const detail = `others may read or write ${open[0]}${open.length > 1 ? ` and ${open.length - 1} more` : ''}`
    return failed(detail, ...open.slice(0, MOST).map(path => `chmod 600 ${quote(path)}`))
  },
}
