/** The driver's way to EC2: one region, one set of credentials, one call at a time, failures in words. */
import { setTimeout as sleep } from 'node:timers/promises'
import { providerCode } from '../cloud/failure.ts'
import { clockDifference } from '../cloud/problem.ts'
import type { Access, ApiCtx, Limits } from './access.ts'
import type { Action, InputOf, OutputOf } from './actions.ts'
import { type Partition, partitionOf } from './endpoint.ts'
import { Ec2Failure, failureOf } from './failure.ts'
import { type Link, linkFor } from './link.ts'
import { problemOf } from './problems.ts'
import { passing, pauseMs } from './retry.ts'

export type { Access, ApiCtx } from './access.ts'
export type { Partition } from './endpoint.ts'

export interface Ec2 {
  readonly region: string
  readonly partition: Partition
  /**
   * One call. Throws a MachineError in words (problems.ts); the provider's own code is `providerCode(error)`. What got no
   * answer is said again: an action that makes something needs a ClientToken, or must take "is there already" for its own.
   */
  call<A extends Action>(action: A, input: InputOf<A>): Promise<OutputOf<A>>
  /** DryRun: resolves when the call would have been allowed, throws what it would have met. Changes nothing. */
  allowed<A extends Action>(action: A, input: InputOf<A>): Promise<void>
}

const LIMITS: Limits = { connectMs: 10_000, tryMs: 60_000, callMs: 180_000 }
const RETRIES = 5

/** Settles region, endpoint and credentials. Makes no request to EC2 itself. */
export async function connect(access: Access, ctx: ApiCtx, limits: Limits = LIMITS): Promise<Ec2> {
  const link = await linkFor(access, ctx, limits)
  const { region } = link.where
  const call = <A extends Action>(action: A, input: InputOf<A>) =>
    send<A>(link, action, input, { ctx, limits, retries: access.retries ?? RETRIES })
  return {
    region,
    partition: partitionOf(region),
    call,
    async allowed(action, input) {
      try {
        await call(action, { ...input, DryRun: true })
      } catch (error) {
        if (providerCode(error) !== 'DryRunOperation') throw error
      }
    },
  }
}

/** The call, and the same again while that may help. */
async function send<A extends Action>(
  link: Link,
  action: A,
  input: InputOf<A>,
  { ctx, limits, retries }: { ctx: ApiCtx; limits: Limits; retries: number },
): Promise<OutputOf<A>> {
  const { signal } = ctx
  const until = Date.now() + limits.callMs
  let corrected = false
  for (let tried = 0; ; tried++) {
    signal.throwIfAborted()
    const { secretAccessKey, sessionToken = '' } = await link.source.keys(ctx)
    try {
      return await once<A>(link, action, input, signal, limits.tryMs)
    } catch (thrown) {
      if (signal.aborted) throw signal.reason
      const failure = failureOf(thrown, action, [secretAccessKey, sessionToken])
      const kind = passing(failure)
      const pause = kind && pauseMs(kind, tried)
      // The client has set its clock by the answer's date: once, that may be all there was to it.
      const clockSet = (Object(thrown) as { $metadata?: { clockSkewCorrected?: boolean } }).$metadata
        ?.clockSkewCorrected
      const again = (pause !== undefined && tried < retries && Date.now() + pause < until) || (clockSet && !corrected)
      if (!again) throw problemOf(failure, link.where)
      corrected ||= clockSet === true
      if (clockSet && !link.clockTold) {
        link.clockTold = true
        ctx.say({ type: 'warn', text: `the clock of this computer is ${clockDifference(failure)} AWS's` })
      }
      ctx.say({ type: 'debug', text: `${action}: ${failure.code}, again in ${pause ?? 0} ms` })
      await sleep(pause ?? 0, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

/** One try. Ends at the deadline or the signal, whatever the client still waits for. */
async function once<A extends Action>(
  { client, sdk }: Link,
  action: A,
  input: InputOf<A>,
  signal: AbortSignal,
  tryMs: number,
): Promise<OutputOf<A>> {
  const deadline = new AbortController()
  const timer = setTimeout(() => deadline.abort(), tryMs)
  const abortSignal = AbortSignal.any([signal, deadline.signal])
  const command = new (sdk.commands[action] as unknown as new (input: InputOf<A>) => never)(input)
  const over = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(tooLate(action, tryMs)), { once: true })
  })
  try {
    return (await Promise.race([client.send(command, { abortSignal }), over])) as OutputOf<A>
  } finally {
    clearTimeout(timer)
  }
}

function tooLate(action: string, ms: number): Ec2Failure {
  return new Ec2Failure(action, { code: 'TimeoutError', message: `no answer within ${ms / 1000} s` })
}
