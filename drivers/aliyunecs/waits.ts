/** How long what takes how long at ECS, and instances looked at until they are what they should be. */
import { providerCode } from '../cloud/failure.ts'
import { againWhile, waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import type { SeenInstance, Tag } from './ecs-actions.ts'
import { allByToken } from './pages.ts'

/** A launched instance runs within a minute; a large one takes a few. */
export const RUNNING_MS = 300_000
/** A shutdown in order. */
export const STOPPED_MS = 300_000
export const RELEASED_MS = 300_000
/** What was made a moment ago is not known everywhere yet. */
export const CONSISTENT_MS = 30_000

type Waiting = Pick<Ctx, 'signal'>

/** The instance; an id nobody has is no error. */
export async function describe(ecs: Ecs, id: string): Promise<SeenInstance | undefined> {
  return (await describeIds(ecs, [id])).find(each => each.InstanceId === id)
}

/** At most 100 at once. */
export async function describeIds(ecs: Ecs, ids: readonly string[]): Promise<SeenInstance[]> {
  return await describeWhere(ecs, { InstanceIds: JSON.stringify(ids) })
}

export async function describeWhere(
  ecs: Ecs,
  where: { InstanceIds?: string; SecurityGroupId?: string; VSwitchId?: string; Tag?: readonly Tag[] },
): Promise<SeenInstance[]> {
  return await allByToken(ecs, 'DescribeInstances', where, page => page.Instances?.Instance)
}

/**
 * The instance as soon as `done` holds; 'gone' when it is not there (any more), undefined when the deadline passed. One
 * that ECS does not know counts as not there yet for a while where it is `fresh`.
 */
export async function waitForInstance(
  ecs: Ecs,
  id: string,
  done: (instance: SeenInstance) => boolean,
  { signal, deadlineMs, fresh = false }: Waiting & { deadlineMs: number; fresh?: boolean },
): Promise<SeenInstance | 'gone' | undefined> {
  const began = performance.now()
  let known = !fresh
  return await waitFor<SeenInstance | 'gone'>(
    async () => {
      const seen = await describe(ecs, id)
      if (!seen) return known || performance.now() - began > CONSISTENT_MS ? await really(ecs, id) : undefined
      known = true
      return done(seen) ? seen : undefined
    },
    { signal, deadlineMs, firstMs: 1000, mostMs: 4000 },
  )
}

/** One look that does not find it may have been at a copy that does not know it yet. */
async function really(ecs: Ecs, id: string): Promise<'gone' | undefined> {
  return (await describe(ecs, id)) ? undefined : 'gone'
}

/** `work`, again and again while the provider says with such a code that the time has not come. */
export async function untilKnown<T>(
  codes: RegExp,
  signal: AbortSignal,
  work: () => Promise<T>,
  deadlineMs = CONSISTENT_MS,
): Promise<T> {
  return await againWhile(error => codes.test(providerCode(error) ?? ''), work, {
    signal,
    deadlineMs,
    firstMs: 1000,
    mostMs: 4000,
  })
}
