/**
 * Locks between processes: a file that says who works on what. Rules:
 * - It appears whole and exclusively (link; on a full disk symlink), and its owner removes it when done.
 * - A lock is stale only if its owner surely died on this computer; a lock of another host is never taken away.
 * - A stale lock is removed only by the holder of the lock *on that very lock* (its token is in the name), after a second
 *   look. Among any number of contenders, one of them crashing included, nobody ever removes a living lock.
 */
import { randomBytes } from 'node:crypto'
import { readFile, readlink, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { MachineError } from '../errors.ts'
import { createExclusive } from './atomic.ts'
import { createLink, holderOfLink, isDiskFull } from './link-lock.ts'
import { MODE } from './paths.ts'
import { fateOf, ownIdentity, type ProcessIdentity } from './process-identity.ts'
import { errnoOf, unwritable } from './unwritable.ts'

export interface LockOptions {
  /** What the work is, for others: 'create dev'. */
  purpose: string
  /** How long to wait for another to finish, in milliseconds; 0 by default: refuse at once. */
  waitMs?: number
  /** Ends the waiting; its reason is thrown. */
  signal?: AbortSignal
}

interface Holder extends ProcessIdentity {
  readonly purpose: string
  /** ISO time at which the work began. */
  readonly since: string
  /** Tells this taking of the lock from every other. */
  readonly token: string
}

export interface Lock extends AsyncDisposable {
  readonly path: string
}

const POLL_MS = 40

/**
 * Takes the lock at `path`, whose folder must exist; `what` names it to people: 'machine "x" is'. Throws LOCKED with who
 * holds it, STORE_UNWRITABLE, or the signal's reason.
 */
export async function takeLock(path: string, what: string, options: LockOptions): Promise<Lock> {
  const { purpose, waitMs = 0, signal } = options
  const token = randomBytes(4).toString('hex')
  const mine: Holder = { ...(await ownIdentity()), purpose, since: new Date().toISOString(), token }
  for (const end = performance.now() + waitMs; ; ) {
    signal?.throwIfAborted()
    const holder = await tryTake(path, mine)
    if (holder === undefined) return { path, [Symbol.asyncDispose]: () => release(path, token) }
    if (performance.now() >= end) throw locked(path, what, holder, mine.host)
    await sleep(POLL_MS * (0.5 + Math.random()), undefined, signal ? { signal } : {}).catch(error => {
      throw signal?.reason ?? error
    })
  }
}

/** Undefined once the lock is ours; else who has it. */
async function tryTake(path: string, mine: Holder): Promise<Holder | undefined> {
  for (;;) {
    const holder = await holderOf(path)
    if (holder === undefined) {
      if (await create(path, mine)) return undefined
      continue // somebody was quicker: look who
    }
    if ((await fateOf(holder)) !== 'dead') return holder
    const other = await clearStale(path, holder, mine)
    if (other) return other
  }
}

/** Makes the lock whole and exclusively; false if there is one. */
async function create(path: string, mine: Holder): Promise<boolean> {
  try {
    return await createExclusive(path, `${JSON.stringify(mine)}\n`, MODE.secret)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    return await createLink(path, mine)
  }
}

/** Removes a dead owner's lock; undefined when that is done, by whomever. */
async function clearStale(path: string, dead: Holder, mine: Holder): Promise<Holder | undefined> {
  const guard = `${path}.${dead.token}`
  const busy = await tryTake(guard, mine)
  if (busy) return busy
  try {
    if ((await holderOf(path))?.token === dead.token) await unlink(path)
  } catch (error) {
    throw unwritable(path, error)
  } finally {
    await release(guard, mine.token)
  }
  return undefined
}

async function release(path: string, token: string): Promise<void> {
  if ((await holderOf(path))?.token !== token) return // somebody removed it by hand, and it may be another's by now
  await unlink(path).catch(error => {
    if (errnoOf(error) !== 'ENOENT') throw unwritable(path, error)
  })
}

/** Who holds the lock at `path`; undefined if nobody does. */
export async function holderOf(path: string): Promise<Holder | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw unwritable(path, error)
    const target = await readlink(path).catch(() => undefined)
    if (target === undefined) return undefined
    const holder = await holderOfLink(path, target)
    if (holder) return holder
    text = ''
  }
  try {
    const seen = JSON.parse(text) as Partial<Holder> | null
    if (typeof seen?.pid === 'number' && typeof seen.host === 'string' && typeof seen.token === 'string')
      return { started: '', boot: '', pids: '', purpose: 'unknown work', since: 'an unknown time', ...seen } as Holder
  } catch {
    // not one of ours: said below
  }
  throw new MachineError('LOCKED', `${path} is not a lock this program wrote`, { hints: [`remove it: ${path}`] })
}

function locked(path: string, what: string, holder: Holder, here: string): MachineError {
  const where = holder.host === here ? '' : ` on ${holder.host}`
  const hints =
    holder.host === here
      ? ['wait until it is done, or end that process', `if there is no such process, remove ${path}`]
      : [`if that process no longer runs on ${holder.host}, remove ${path}`]
  return new MachineError(
    'LOCKED',
    `${what} being worked on by process ${holder.pid}${where} (${holder.purpose}) since ${holder.since}`,
    { hints },
  )
}
