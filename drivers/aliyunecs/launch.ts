/**
 * Launching: one way after the other until there is room. Each launch has a token that is on record before ECS is asked and
 * on the instance as a tag, so that a lost answer is asked for again instead of a second instance, by us or by `remove`.
 */
import { randomUUID } from 'node:crypto'
import { hasCode, MachineError } from '../../src/errors.ts'
import { wasRefused } from '../cloud/failure.ts'
import { firstWithRoom } from '../cloud/in-order.ts'
import type { CreateCtx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { addressOf, privateOf } from './inspect.ts'
import { launchInput } from './launch-input.ts'
import { vSwitchIn } from './make-network.ts'
import type { Network } from './network.ts'
import type { Candidate, Plan } from './plan.ts'
import type { ProblemCode } from './problem.ts'
import type { State } from './state.ts'
import { RUNNING_MS, untilKnown, waitForInstance } from './waits.ts'

const CAPACITY: ProblemCode = 'ECS_CAPACITY'
/** What was made a moment ago may not be known everywhere. */
const NOT_KNOWN_YET = /^(InvalidKeyPair(Name)?\.NotFound|InvalidV[Ss]witchId\.NotFound|IncorrectVSwitchStatus)/

/** Whether another instance type or zone may have what this one has not. */
export function isShortage(error: unknown): boolean {
  return hasCode(error, CAPACITY)
}

const REFUSALS = {
  isShortage,
}

/** Launches the machine and waits until it runs; `state` has all there is to know then, and is on record at each step. */
export async function launch(
  ecs: Ecs,
  plan: Plan,
  network: Network,
  state: State,
  ctx: CreateCtx<State>,
): Promise<void> {
  const tryOne = async (candidate: Candidate) => {
    await ask(ecs, plan, network, candidate, state, ctx)
    await waitUntilUp(ecs, state, ctx)
  }
  await firstWithRoom(plan.candidates, tryOne, REFUSALS, ctx)
}

async function ask(
  ecs: Ecs,
  plan: Plan,
  network: Network,
  candidate: Candidate,
  state: State,
  ctx: CreateCtx<State>,
): Promise<void> {
  const { settings, userData } = plan
  const { place, type, image } = candidate
  const vSwitchId = place.vSwitchId ?? (await vSwitchIn(ecs, settings, network, place.zone, state, ctx))
  const token = randomUUID()
  Object.assign(state, {
    ImageID: image.id,
    InstanceType: type.name,
    VSwitchId: vSwitchId,
    Zone: place.zone,
    InstanceId: '',
    ClientToken: token,
    LaunchAsked: new Date().toISOString(),
  } satisfies Partial<State>)
  await ctx.checkpoint(state)
  ctx.point('ecs launch decided')
  const input = launchInput(settings, {
    token,
    candidate,
    vSwitchId,
    groupId: state.SecurityGroupId,
    keyName: state.KeyName || state.SSHKeyPair,
    userData,
    name: ctx.name,
    storeId: ctx.storeId,
  })
  // A lost answer is asked for again by `call`, with this token.
  const launched = await untilKnown(NOT_KNOWN_YET, ctx.signal, () => ecs.call('RunInstances', input)).catch(
    async error => {
      if (wasRefused(error)) await forgetLaunch(state, ctx)
      throw error
    },
  )
  ctx.point('ecs instance launched')
  const [id] = launched.InstanceIdSets?.InstanceIdSet ?? []
  if (!id)
    throw new MachineError('ECS_ODD_ANSWER', 'ECS took the launch and named no instance', {
      hints: ['machine rm finds what it made by its tags'],
    })
  state.InstanceId = id
  await ctx.checkpoint(state)
}

/** Nothing came of it for sure: `remove` need not wait whether something turns up. */
async function forgetLaunch(state: State, ctx: CreateCtx<State>): Promise<void> {
  Object.assign(state, { ClientToken: '', LaunchAsked: '' } satisfies Partial<State>)
  await ctx.checkpoint(state)
}

async function waitUntilUp(ecs: Ecs, state: State, ctx: CreateCtx<State>): Promise<void> {
  // An elastic address is bound once it runs.
  const wantsPublic = !state.PrivateIPOnly && !state.Eip
  const deadline = { signal: ctx.signal, deadlineMs: RUNNING_MS, fresh: true }
  const isUp = (seen: Parameters<typeof addressOf>[1]) =>
    seen.Status === 'Running' && (wantsPublic ? !!addressOf(state, seen) : !!privateOf(seen))
  const seen = await waitForInstance(ecs, state.InstanceId, isUp, deadline)
  if (seen === 'gone')
    throw new MachineError(
      CAPACITY,
      `instance ${state.InstanceId} vanished while it was made: the zone has none left`,
      {
        hints: ['name further types (--aliyunecs-instance-type a,b) or zones (--aliyunecs-zone a,b)'],
      },
    )
  if (seen === undefined)
    throw new MachineError(
      'ECS_NOT_RUNNING',
      `instance ${state.InstanceId} does not run, or has no address, after ${RUNNING_MS / 1000} s`,
      { hints: ['the console shows what is the matter with it; machine rm removes it'] },
    )
  Object.assign(state, {
    IPAddress: addressOf(state, seen) ?? '',
    PrivateIPAddress: privateOf(seen) ?? '',
    Zone: seen.ZoneId ?? state.Zone,
  } satisfies Partial<State>)
  await ctx.checkpoint(state)
  ctx.point('ecs instance running')
}
