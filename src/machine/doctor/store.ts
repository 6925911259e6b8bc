import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { quote } from '../../ssh/quote.ts'
import { errnoOf, unreadable, unwritable } from '../../store/unwritable.ts'
import type { World } from '../world.ts'
import { type Check, failed, ok } from './check.ts'

export const store: Check<World> = {
  id: 'store',
  what: 'store',
  async look(w) {
    const { path } = w.store
    const seen = await stat(path).catch(error => {
      if (errnoOf(error) === 'ENOENT') return undefined
      throw unreadable(path, error)
    })
    if (seen === undefined) return ok(`${path} (not there yet: the first create makes it)`)
    if (!seen.isDirectory()) throw unreadable(path, { code: 'ENOTDIR' })
    const uid = process.getuid?.()
    if (uid !== undefined && uid !== 0 && seen.uid !== uid)
      return failed(`${path} belongs to user ${seen.uid}, not to you (${uid})`, `sudo chown -R ${uid} ${quote(path)}`)
    await access(path, constants.R_OK | constants.X_OK).catch(error => {
      throw unreadable(path, error)
    })
    await access(path, constants.W_OK).catch(error => {
      throw unwritable(path, error)
    })
    const open = await foldersOthersWrite(w)
    if (open.length > 0)
      return failed(`others may write to ${open.join(', ')}`, ...open.map(folder => `chmod 700 ${quote(folder)}`))
    const count = (await w.store.list()).length
    return ok(`${path}, ${count} machine${count === 1 ? '' : 's'}`)
  },
}

/** Who can write there can put a CA or a record of their own in. */
async function foldersOthersWrite(w: World): Promise<string[]> {
  if (w.platform === 'win32') return []
  const folders = [w.store.path, ...['certs', 'machines', 'locks'].map(folder => w.store.filePath([folder]))]
  const modes = await Promise.all(folders.map(folder => stat(folder).catch(() => undefined)))
  return folders.filter((_, i) => ((modes[i]?.mode ?? 0) & 0o022) !== 0)
}
