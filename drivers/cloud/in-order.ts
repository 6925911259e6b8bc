/** One way after the other until one is open: instance types and zones are out of stock every day. */
import { MachineError, messageOf } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'

/** What a cloud's refusals mean. */
export interface Refusals<T> {
  /** Whether another candidate may have what this one has not. */
  isShortage(error: unknown): boolean
  /** Of the candidates left, the first of which was refused so, those still worth it; without this all the others. */
  worthTrying?(error: unknown, left: readonly T[]): readonly T[]
  /** Remedies once all were tried; without this those of the first refusal. */
  hintsAfterAll?(first: MachineError): readonly string[]
}

/**
 * Tries the candidates until one succeeds. A shortage goes on to the next one, anything else is thrown; where all are
 * short, the first one's error is.
 */
export async function firstWithRoom<T, R>(
  candidates: readonly T[],
  tryOne: (candidate: T) => Promise<R>,
  refusals: Refusals<T>,
  ctx: Pick<Ctx, 'say'>,
): Promise<R> {
  const refused: MachineError[] = []
  for (let left = candidates; left[0] !== undefined; ) {
    try {
      return await tryOne(left[0])
    } catch (error) {
      if (!(error instanceof MachineError) || !refusals.isShortage(error)) throw error
      refused.push(error)
      left = refusals.worthTrying?.(error, left) ?? left.slice(1)
      const more = left.length > 0
      ctx.say({ type: more ? 'info' : 'debug', text: `${messageOf(error)}${more ? '; trying the next' : ''}` })
    }
  }
  throw inVain(refused, refusals)
}

/** The first refusal, and that the others were in vain too. */
function inVain<T>([first, ...others]: readonly MachineError[], refusals: Refusals<T>): MachineError {
  if (first === undefined) return new MachineError('NOTHING_TO_TRY', 'there is nothing to launch with')
  if (others.length === 0) return first
  const hints = [...(refusals.hintsAfterAll?.(first) ?? first.suggestions)]
  const rest = others.length === 1 ? 'the other one' : `any of the ${others.length} others`
  return new MachineError(first.code, `${messageOf(first)}; nor could ${rest} be had`, { hints, cause: first })
}
