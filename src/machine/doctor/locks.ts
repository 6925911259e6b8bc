import { listLocks } from '../../store/locks.ts'
import type { World } from '../world.ts'
import { type Check, failed, ok, warning } from './check.ts'

export const locks: Check<World> = {
  id: 'locks',
  what: 'locks',
  needs: ['store'],
  async look(w) {
    const seen = await listLocks(w.store.path)
    const strange = seen.filter(lock => lock.fate === 'unreadable')
    if (strange.length > 0)
      return failed(
        `not written by this program: ${strange.map(l => l.file).join(', ')}`,
        ...strange.map(l => l.remove),
      )
    const elsewhere = seen.filter(lock => lock.fate === 'elsewhere')
    if (elsewhere.length > 0)
      return warning(
        `held on another computer: ${elsewhere.map(l => l.text).join('; ')}`,
        ...elsewhere.map(l => `if that process is gone: ${l.remove}`),
      )
    const stale = seen.filter(lock => lock.fate === 'dead')
    if (stale.length > 0)
      return warning(
        `left by processes that died: ${stale.map(l => l.text).join('; ')}`,
        'the next command on it takes them away',
      )
    return ok(seen.length === 0 ? 'none held' : `at work now: ${seen.map(l => l.text).join('; ')}`)
  },
}
