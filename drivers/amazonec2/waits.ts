/** How long what takes how long at EC2, and instances looked at until they are what they should be. */
import type { Instance } from '@aws-sdk/client-ec2'
import { providerCode } from '../cloud/failure.ts'
import { againWhile, waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import type { Ec2 } from './api.ts'

/** A launched instance runs within a minute; a large one with a large volume takes a few. */
export const RUNNING_MS = 300_000
/** A shutdown in order; EC2 itself pulls the plug after a while. */
export const STOPPED_MS = 600_000
export const TERMINATED_MS = 300_000
/** What was made a moment ago is not known everywhere at EC2 yet. */
export const CONSISTENT_MS = 30_000

type Waiting = Pick<Ctx, 'signal'>

/** The instance, asked for by its id alone: an id nobody has is no error. */
export async function describe(ec2: Ec2, id: string): Promise<Instance | undefined> {
  const filters = [{ Name: 'instance-id', Values: [id] }]
  return (await describeWhere(ec2, filters))[0]
}

export async function describeWhere(ec2: Ec2, Filters: { Name: string; Values: string[] }[]): Promise<Instance[]> {
  const found: Instance[] = []
  let NextToken: string | undefined
  do {
    const page = await ec2.call('DescribeInstances', { Filters, ...(NextToken ? { NextToken } : {}) })
    found.push(...(page.Reservations ?? []).flatMap(reservation => reservation.Instances ?? []))
    NextToken = page.NextToken || undefined
  } while (NextToken !== undefined)
  return found
}

/** EC2's word for the instance's state; '' where it said none. */
export function stateOf(instance: Instance | undefined): string {
  return instance?.State?.Name ?? ''
}

/**
 * The instance as soon as `done` holds, or as it is when it never will; undefined when the deadline passed. One that EC2
 * does not know counts as not there yet for a while, then as terminated.
 */
export async function waitForInstance(
  ec2: Ec2,
  id: string,
  done: (instance: Instance) => boolean,
  { signal, deadlineMs, fresh = false }: Waiting & { deadlineMs: number; fresh?: boolean },
): Promise<Instance | undefined> {
  const began = performance.now()
  return await waitFor(
    async () => {
      const seen = await describe(ec2, id)
      if (!seen && fresh && performance.now() - began < CONSISTENT_MS) return undefined
      if (!seen) return { InstanceId: id, State: { Name: 'terminated' } } satisfies Instance
      return done(seen) || stateOf(seen) === 'terminated' ? seen : undefined
    },
    { signal, deadlineMs, firstMs: 1000, mostMs: 5000 },
  )
}

/** `work`, again and again while EC2 says with one of these codes that it does not know yet what was just made. */
export async function untilKnown<T>(
  codes: readonly string[],
  signal: AbortSignal,
  work: () => Promise<T>,
  deadlineMs = CONSISTENT_MS,
): Promise<T> {
  return await againWhile(error => codes.includes(providerCode(error) ?? ''), work, { signal, deadlineMs })
}
