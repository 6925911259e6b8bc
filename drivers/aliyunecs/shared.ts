/**
 * Things all machines of a store share, in a cloud where names are not unique: ten creates at once would make ten. Whoever
 * has made one looks who else has; the earliest is everybody's, and the others take theirs back.
 */
import { sleep, waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'

export interface Shared<T> {
  /** Those of this store that could be the one. What was made a moment ago may be missing. */
  look(): Promise<readonly T[]>
  idOf(thing: T): string
  /** When it was made, as a text that sorts. */
  madeOf(thing: T): string
  /** Whether it can be used yet. */
  ready(thing: T): boolean
  /** Removes our own again. */
  drop(id: string): Promise<void>
}

/** A thing just made is known everywhere, and ready, within this. */
const READY_MS = 60_000
/** What others asked for just before us is there after this. */
const OTHERS_MS = 400

/** The thing everybody uses: `mine`, or one that was there earlier, then mine is gone. Undefined: none is ready in time. */
export async function earliest<T>(
  mine: string,
  shared: Shared<T>,
  ctx: Pick<Ctx, 'signal' | 'say'>,
): Promise<T | undefined> {
  const { look, idOf, madeOf, ready, drop } = shared
  await sleep(OTHERS_MS, ctx.signal)
  const found = await waitFor(
    async () => {
      const all = await look()
      if (!all.some(thing => idOf(thing) === mine)) return undefined
      const [first] = [...all].sort((a, b) => madeOf(a).localeCompare(madeOf(b)) || idOf(a).localeCompare(idOf(b)))
      return first && ready(first) ? first : undefined
    },
    { signal: ctx.signal, deadlineMs: READY_MS, firstMs: 500, mostMs: 2000 },
  )
  if (found === undefined || idOf(found) === mine) return found
  await drop(mine).catch(error => {
    ctx.signal.throwIfAborted()
    ctx.say({ type: 'debug', text: `${mine} stays for the next removal: ${String(error?.message)}` })
  })
  return found
}
