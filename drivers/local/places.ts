/** Where local VM drivers keep images and the disks that machines' disks grow out of. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Ctx } from '../driver.ts'

/**
 * A folder of the person's own data, not a cache: linked disks are worth nothing without what lies here, and caches are
 * emptied by whoever tidies up. One for all stores, as VMs are the person's, too.
 */
export function imageFolder(env: Ctx['env'], platform = process.platform, home = env.HOME ?? homedir()): string {
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(env.USERPROFILE ?? home, 'AppData', 'Local'), 'machine', 'images')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'machine', 'images')
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'machine', 'images')
}
