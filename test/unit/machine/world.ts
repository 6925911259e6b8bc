/** A world as the command line opens it, around a store of the test's. */
import type { TlsPaths, World } from '../../../src/machine/world.ts'
import { openWorld } from '../../../src/open-world.ts'

export interface WorldChanges {
  env?: Readonly<Record<string, string | undefined>>
  tlsPaths?: TlsPaths
  now?: Date
}

export function worldOf(storePath: string, changes: WorldChanges = {}): World {
  const { env = {}, tlsPaths = {}, now } = changes
  const signal = new AbortController().signal
  const its = { env: { ...env, USER: 'someone' }, platform: 'linux' as const, home: '/nonexistent', program: 'machine' }
  const world = openWorld({ storePath, drivers: [], ...its, tlsPaths, say: () => {}, signal })
  return now ? { ...world, now: () => now } : world
}
