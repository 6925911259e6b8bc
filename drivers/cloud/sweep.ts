/** Where a sweep looks, and removing what it found in the order a cloud wants. */
import { messageOf } from '../../src/errors.ts'
import type { Marked, SweepCtx } from '../sweep.ts'

/** One after the other; what stays is told, with why. `isGone`: the error says that it is not there any more. */
export async function removeInOrder<M extends Marked>(
  things: readonly M[],
  order: readonly M['kind'][],
  removeOne: (thing: M) => Promise<void>,
  isGone: (error: unknown) => boolean,
  ctx: Pick<SweepCtx, 'signal'>,
): Promise<{ thing: M; why: string }[]> {
  const left: { thing: M; why: string }[] = []
  const inOrder = [...things].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  for (const thing of inOrder) {
    try {
      await removeOne(thing)
    } catch (error) {
      ctx.signal.throwIfAborted()
      if (!isGone(error)) left.push({ thing, why: messageOf(error) })
    }
  }
  return left
}

/** Regions as a flag names them for a sweep: parted by commas, or `all`; undefined: the one that is the default. */
export async function regionsNamed(
  text: string | undefined,
  all: () => Promise<string[]>,
): Promise<(string | undefined)[]> {
  const words = (text ?? '').split(',').flatMap(word => word.trim() || [])
  if (words.includes('all')) return await all()
  return words.length > 0 ? words : [undefined]
}
