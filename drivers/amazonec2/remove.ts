/**
 * Taking away what was made for one machine, from whatever point its create or an earlier removal came to. First what
 * costs money. The shared group goes with the last machine of the store that used it.
 */
import type { Instance } from '@aws-sdk/client-ec2'
import { waitFor } from '../cloud/wait.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ec2 } from './api.ts'
import { unlessGone } from './gone.ts'
import { keepVolumes } from './kept-volumes.ts'
import { removeGroups } from './remove-groups.ts'
import { endRequest } from './spot-request.ts'
import { accessOf, type State } from './state.ts'
import { describe, describeWhere, stateOf } from './waits.ts'

/** How long after it was asked for a launch may stay unknown at EC2, and still have happened. */
const UNKNOWN_MS = 30_000

export async function removeInstance(state: State, ctx: Ctx): Promise<void> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (state.Region === undefined) return
  const ec2 = await connect(accessOf(state), ctx)
  const instance = await findInstance(ec2, state, ctx)
  const id = instance?.InstanceId ?? state.InstanceId
  if (id) await terminate(ec2, id, instance, state, ctx)
  const failures = [
    await attempt(() => removeKey(ec2, state, ctx)),
    await attempt(() => removeGroups(ec2, state, id, ctx)),
  ]
  ctx.signal.throwIfAborted()
  for (const failure of failures) if (failure) throw failure.error
}

/** The instance, by its id, or by the token of a launch whose answer never came: for a while EC2 may not tell of it yet. */
async function findInstance(ec2: Ec2, state: State, { signal }: Pick<Ctx, 'signal'>): Promise<Instance | undefined> {
  const asked = state.LaunchAsked ? Date.parse(state.LaunchAsked) : 0
  const deadlineMs = Math.min(UNKNOWN_MS, Math.max(0, asked + UNKNOWN_MS - Date.now()))
  if (state.InstanceId) return await waitFor(() => describe(ec2, state.InstanceId), { signal, deadlineMs })
  const token = state.ClientToken
  if (!token) return undefined
  const look = async () => (await describeWhere(ec2, [{ Name: 'client-token', Values: [token] }]))[0]
  return await waitFor(look, { signal, deadlineMs, firstMs: 1000 })
}

async function terminate(ec2: Ec2, id: string, instance: Instance | undefined, state: State, ctx: Ctx): Promise<void> {
  // Before the instance: an open request would launch another in its place.
  const request = state.SpotRequestId || instance?.SpotInstanceRequestId
  if (request) await endRequest(ec2, request, ctx)
  if (stateOf(instance) === 'terminated') return
  if (state.TerminationProtection) {
    await unlessGone(ec2.call('ModifyInstanceAttribute', { InstanceId: id, DisableApiTermination: { Value: false } }))
    ctx.point('ec2 termination protection lifted')
  }
  if (instance) await keepVolumes(ec2, instance, ctx)
  await unlessGone(ec2.call('TerminateInstances', { InstanceIds: [id] }))
  ctx.point('ec2 termination asked')
}

async function removeKey(ec2: Ec2, state: State, ctx: Pick<Ctx, 'point'>): Promise<void> {
  if (state.ExistingKey || !state.KeyName) return
  await unlessGone(ec2.call('DeleteKeyPair', { KeyName: state.KeyName }))
  ctx.point('ec2 key pair deleted')
}

async function attempt(work: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  return await work().then(
    () => undefined,
    error => ({ error }),
  )
}
