/**
 * Taking away what was made for one machine, from whatever point its create or an earlier removal came to, in the order
 * that dependencies ask: what leads to the instance, the instance, its key, and with the last machine what they shared.
 */
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ecs } from './api.ts'
import type { SeenInstance } from './ecs-actions.ts'
import { releaseEips } from './eip.ts'
import { ofLaunch } from './inspect.ts'
import { deleteKey } from './key-pair.ts'
import { isGone } from './problems.ts'
import { removeShared } from './remove-shared.ts'
import { removeRoute } from './route.ts'
import { removeBackend } from './slb.ts'
import { accessOf, isOld, type State } from './state.ts'
import { describe, RELEASED_MS, untilKnown, waitForInstance } from './waits.ts'

/** How long after it was asked for a launch may stay unknown at ECS, and still have happened. */
const UNKNOWN_MS = 30_000
/** One that has run is known; still, one look may be at a copy that has not heard of it. */
const MISSED_MS = 3000
/** Very common in the first minutes of an instance. */
const NOT_YET =
  /^(IncorrectInstanceStatus|OperationConflict|InvalidOperation\.Conflict|DependencyViolation\.RouteEntry|TaskConflict)/

export async function removeInstance(state: State, ctx: Ctx): Promise<void> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (state.Region === undefined) return
  const ecs = await connect(accessOf(state), ctx)
  const seen = await findInstance(ecs, state, ctx)
  const id = seen?.InstanceId ?? state.InstanceId
  const failures: unknown[] = []
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work()
      return true
    } catch (error) {
      ctx.signal.throwIfAborted()
      failures.push(error)
      return false
    }
  }
  if (id) {
    await attempt(() => removeBackend(ecs, state, id, ctx))
    await attempt(() => removeRoute(ecs, state, id, ctx))
  }
  await attempt(() => releaseEips(ecs, state, seen?.EipAddress?.AllocationId || undefined, ctx))
  const ended = !seen?.InstanceId || (await attempt(() => endInstance(ecs, seen.InstanceId as string, ctx)))
  // An instance that stays keeps these: they would be waited for in vain.
  if (ended) await attempt(() => removeKey(ecs, state, ctx))
  if (ended && !isOld(state)) await attempt(() => removeShared(ecs, state, ctx))
  if (failures.length > 0) throw failures[0]
}

/** The instance, by its id, or by the tag of a launch whose answer never came: for a while ECS may not tell of it yet. */
async function findInstance(
  ecs: Ecs,
  state: State,
  { signal }: Pick<Ctx, 'signal'>,
): Promise<SeenInstance | undefined> {
  const { InstanceId, ClientToken, LaunchAsked } = state
  const asked = LaunchAsked ? Date.parse(LaunchAsked) : 0
  const most = state.PrivateIPAddress ? MISSED_MS : UNKNOWN_MS
  const deadlineMs = Math.min(most, Math.max(0, asked + UNKNOWN_MS - Date.now()))
  const patience = { signal, deadlineMs, firstMs: 1000 }
  if (InstanceId) return await waitFor(() => describe(ecs, InstanceId), patience)
  if (!ClientToken) return undefined
  return await waitFor(() => ofLaunch(ecs, ClientToken), patience)
}

/** Releases it, running or not, and waits until it is gone: key pair, group and vSwitch can go no sooner. */
export async function endInstance(ecs: Ecs, InstanceId: string, ctx: Pick<Ctx, 'signal' | 'point'>): Promise<void> {
  const release = () => ecs.call('DeleteInstance', { InstanceId, Force: true })
  await untilKnown(NOT_YET, ctx.signal, release, RELEASED_MS).catch(error => {
    if (!isGone(error)) throw error
  })
  ctx.point('ecs instance released')
  await waitForInstance(ecs, InstanceId, () => false, { signal: ctx.signal, deadlineMs: RELEASED_MS })
}

async function removeKey(ecs: Ecs, state: State, ctx: Ctx): Promise<void> {
  if (!state.KeyName) return
  await deleteKey(ecs, state.KeyName, ctx.signal)
  ctx.point('ecs key pair deleted')
}
