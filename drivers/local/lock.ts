/** Turns between processes that work on what all machines of a person share: images, and the networks of a VM program. */
import { hasCode } from '../../src/errors.ts'
import { takeLock } from '../../src/store/lock.ts'
import type { Ctx } from '../driver.ts'

/** A slow line takes hours for an image. */
const MOST_MS = 4 * 3600_000

export interface Turn {
  /** The lock's file; its folder exists. */
  readonly path: string
  /** Names what is locked to people, with its verb: 'the image is'. */
  readonly what: string
  readonly purpose: string
}

/** Does the work while nobody else with the same lock works; `waiting` is said if another does. */
export async function underLock<T>(
  { path, what, purpose }: Turn,
  waiting: string,
  ctx: Pick<Ctx, 'signal' | 'say'>,
  work: () => Promise<T>,
): Promise<T> {
  const take = (waitMs: number) => takeLock(path, what, { purpose, waitMs, signal: ctx.signal })
  const lock = await take(500).catch(async error => {
    if (!hasCode(error, 'LOCKED')) throw error
    ctx.say({ type: 'info', text: waiting })
    return await take(MOST_MS)
  })
  await using _lock = lock
  return await work()
}
