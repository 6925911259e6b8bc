/** One call of the API: signed, with deadlines, said again while that may help, its failure in words. */
import { randomUUID } from 'node:crypto'
import { clockDifference, type Where } from '../cloud/problem.ts'
import { sleep } from '../cloud/wait.ts'
import type { ApiCtx, Keys, Limits } from './access.ts'
import { ACTIONS, type Action, type InputOf, type OutputOf } from './actions.ts'
import { EcsFailure, failureOf, refusalOf } from './failure.ts'
import type { Link } from './link.ts'
import { flatParams } from './params.ts'
import { problemOf } from './problems.ts'
import { clockIsWrong } from './problems-account.ts'
import { passing, pauseMs } from './retry.ts'

export interface How {
  readonly ctx: ApiCtx
  readonly limits: Limits
  readonly retries: number
}

/** Other keys than the link's own, and what texts say of them. */
export interface As {
  readonly keys: Keys
  readonly where: Where
}

/** A function is asked anew for each try before which nothing was done: what was refused, and not what got no answer. */
export type Input<A extends Action> = InputOf<A> | (() => InputOf<A>)

/** The call, and the same again while that may help. */
export async function send<A extends Action>(
  link: Link,
  action: A,
  input: Input<A>,
  how: How,
  as?: As,
): Promise<OutputOf<A>> {
  const { ctx, limits, retries } = how
  const { product, region } = ACTIONS[action]
  const flat = () =>
    flatParams({
      ...(region ? { RegionId: link.region } : {}),
      ...((typeof input === 'function' ? input() : input) as object),
    })
  let params = flat()
  const until = Date.now() + limits.callMs
  for (let tried = 0, corrected = false; ; tried++) {
    ctx.signal.throwIfAborted()
    const keys = as?.keys ?? (await link.source.keys(ctx.signal))
    try {
      return (await once(link, action, params, keys, how)) as OutputOf<A>
    } catch (thrown) {
      if (ctx.signal.aborted) throw ctx.signal.reason
      const failure = failureOf(thrown, action, [keys.accessKeySecret, keys.securityToken ?? '', keys.accessKeyId])
      if (/^InvalidTimeStamp/.test(failure.code) && clockIsWrong(failure) && !corrected) {
        corrected = true
        setClock(link, failure, ctx)
        continue
      }
      const kind = passing(failure)
      const pause = kind && pauseMs(kind, tried)
      if (pause === undefined || tried >= retries || Date.now() + pause >= until)
        throw problemOf(failure, as?.where ?? link.where(product))
      ctx.say({ type: 'debug', text: `${action}: ${failure.code}, again in ${pause} ms` })
      await sleep(pause, ctx.signal)
      if (failure.status !== undefined && failure.status < 500) params = flat()
    }
  }
}

/** Signed with the provider's time from now on: it refuses what is stamped with another. */
function setClock(link: Link, failure: EcsFailure, ctx: ApiCtx): void {
  if (link.clockOffsetMs === 0)
    ctx.say({
      type: 'warn',
      text: `the clock of this computer is ${clockDifference(failure)} Alibaba Cloud's: timedatectl set-ntp true sets it`,
    })
  link.clockOffsetMs = failure.clockAheadMs ?? 0
}

/** One try. Ends at the deadline or the signal, whatever the client still waits for. */
async function once(
  link: Link,
  action: Action,
  params: Readonly<Record<string, string>>,
  keys: Keys,
  { ctx: { signal }, limits }: How,
): Promise<unknown> {
  const { product } = ACTIONS[action]
  const deadline = AbortSignal.timeout(limits.tryMs)
  const both = AbortSignal.any([signal, deadline])
  let stop = () => {}
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(tooLate(action, limits.tryMs))
    both.addEventListener('abort', stop, { once: true })
  })
  // Ours, for the client's own nonces are of twelve digits by chance, and its time is this computer's.
  const Timestamp = new Date(Date.now() + link.clockOffsetMs).toISOString().replace(/\.\d+Z$/, 'Z')
  const signed = { ...params, Timestamp, SignatureNonce: randomUUID() }
  try {
    const { body, status } = await Promise.race([link.send(product, action, signed, keys), over])
    const refusal = refusalOf(action, status, body)
    if (refusal) throw refusal
    // The client's objects have no prototype, and long numbers in it are objects of another library.
    return JSON.parse(JSON.stringify(body))
  } finally {
    both.removeEventListener('abort', stop)
  }
}

function tooLate(action: string, ms: number): EcsFailure {
  return new EcsFailure(action, { code: 'TimeoutError', message: `no answer within ${ms / 1000} s` })
}
