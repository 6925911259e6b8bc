/** The driver's way to Alibaba Cloud: one region, one set of credentials, one call at a time, failures in words. */
import { providerCode } from '../cloud/failure.ts'
import type { Access, ApiCtx, Limits } from './access.ts'
import type { Action, InputOf, OutputOf } from './actions.ts'
import { assumeRole } from './assume-role.ts'
import { linkFor } from './link.ts'
import { type How, type Input, send } from './send.ts'

export type { Access, ApiCtx } from './access.ts'

export interface Ecs {
  readonly region: string
  /**
   * One call. Throws a MachineError in words (problems.ts); the provider's own code is `providerCode(error)`. What got no
   * answer is said again: an action that makes something needs a ClientToken, or must take "is there already" for its own.
   */
  call<A extends Action>(action: A, input: Input<A>): Promise<OutputOf<A>>
  /** DryRun: resolves when the call would have been allowed, throws what it would have met. Changes nothing. */
  mayRun(input: InputOf<'RunInstances'>): Promise<void>
}

const LIMITS: Limits = { connectMs: 10_000, tryMs: 30_000, callMs: 240_000 }
const RETRIES = 8

/** Settles region, endpoints and credentials. Asks at most STS, or the instance's metadata. */
export async function connect(access: Access, ctx: ApiCtx, limits: Limits = LIMITS): Promise<Ecs> {
  const how: How = { ctx, limits, retries: access.retries ?? RETRIES }
  const link = await linkFor(access, ctx, limits, (of, keys, profile) => assumeRole(of, keys, profile, how))
  const call = <A extends Action>(action: A, input: Input<A>) => send<A>(link, action, input, how)
  return {
    region: link.region,
    call,
    async mayRun(input) {
      try {
        await call('RunInstances', { ...input, DryRun: true })
      } catch (error) {
        if (providerCode(error) !== 'DryRunOperation') throw error
      }
    },
  }
}
