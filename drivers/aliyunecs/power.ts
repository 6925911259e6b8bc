/** Power. A stopped instance keeps its place and address, and costs as before, unless it was made to stop charging. */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { waitUntilDown } from '../cloud/reboot.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ecs } from './api.ts'
import { addressOf } from './inspect.ts'
import { accessOf, type State } from './state.ts'
import { describe, RUNNING_MS, STOPPED_MS, untilKnown, waitForInstance } from './waits.ts'

/** Not now, for its state: what starts, stops or is changed must be in one for it. */
export const WRONG_STATE =
  /^(IncorrectInstanceStatus|InvalidInstanceStatus\.NotStopped|InvalidStatus\.ValueNotSupported)/
/** Said for a moment while something else is done to it. */
export const BUSY = /^(OperationConflict|InvalidOperation\.Conflict|IncorrectInstanceStatus\.Initializing)/

export async function startInstance(state: State, ctx: Ctx): Promise<void> {
  const { ecs, InstanceId } = await linked(state, ctx)
  const start = () => untilKnown(BUSY, ctx.signal, () => ecs.call('StartInstance', { InstanceId }))
  await start().catch(async error => {
    if (!WRONG_STATE.test(providerCode(error) ?? '')) throw error
    const seen = await describe(ecs, InstanceId)
    if (seen?.Status === 'Running' || seen?.Status === 'Starting') return
    // It is still on its way down, from a stop that nobody waited for.
    await until(ecs, InstanceId, 'Stopped', ctx)
    await start()
  })
  ctx.point('ecs start asked')
  await until(ecs, InstanceId, 'Running', ctx)
}

/** Shuts down in order, and waits for it. */
export async function stopInstance(state: State, ctx: Ctx): Promise<void> {
  await stop(state, ctx, false)
}

/** Pulls the plug, and waits for it. */
export async function killInstance(state: State, ctx: Ctx): Promise<void> {
  await stop(state, ctx, true)
}

/** Waits until the host went down, for ECS only passes a reboot on to it, and until it runs. */
export async function restartInstance(state: State, ctx: Ctx): Promise<void> {
  const { ecs, InstanceId } = await linked(state, ctx)
  await untilKnown(BUSY, ctx.signal, () => ecs.call('RebootInstance', { InstanceId }))
  ctx.point('ecs reboot asked')
  const seen = await describe(ecs, InstanceId)
  const address = seen && addressOf(state, seen)
  if (address !== undefined) await waitUntilDown(address, state.SSHPort || 22, ctx.signal)
  await until(ecs, InstanceId, 'Running', ctx)
}

async function stop(state: State, ctx: Ctx, ForceStop: boolean): Promise<void> {
  const { ecs, InstanceId } = await linked(state, ctx)
  const StoppedMode = state.StopCharging ? ('StopCharging' as const) : ('KeepCharging' as const)
  const input = { InstanceId, ForceStop, StoppedMode }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('StopInstance', input)).catch(async error => {
    if (!WRONG_STATE.test(providerCode(error) ?? '')) throw error
    const seen = await describe(ecs, InstanceId)
    if (seen?.Status === 'Stopped' || seen?.Status === 'Stopping') return
    // It was still starting.
    await until(ecs, InstanceId, 'Running', ctx)
    await ecs.call('StopInstance', input)
  })
  ctx.point(ForceStop ? 'ecs kill asked' : 'ecs stop asked')
  await until(ecs, InstanceId, 'Stopped', ctx)
}

async function until(
  ecs: Ecs,
  id: string,
  status: 'Running' | 'Stopped',
  { signal }: Pick<Ctx, 'signal'>,
): Promise<void> {
  const deadlineMs = status === 'Running' ? RUNNING_MS : STOPPED_MS
  const seen = await waitForInstance(ecs, id, each => each.Status === status, { signal, deadlineMs })
  if (seen === 'gone')
    throw new MachineError('ECS_NOT_FOUND', `instance ${id} is not there any more`, {
      hints: ['somebody may have released it, or a spot instance was taken back: `rm` forgets the machine'],
    })
  if (seen !== undefined) return
  const verb = status === 'Running' ? 'run' : 'stop'
  throw new MachineError('ECS_LATE', `instance ${id} was asked to ${verb} ${deadlineMs / 1000} s ago and has not`, {
    hints: [verb === 'stop' ? 'machine kill forces it' : 'machine status shows how far it is'],
  })
}

/** The instance and the way to it. Throws where its create never came to one. */
export async function linked(state: State, ctx: Ctx): Promise<{ ecs: Ecs; InstanceId: string }> {
  const { InstanceId } = state
  if (InstanceId) return { ecs: await connect(accessOf(state), ctx), InstanceId }
  throw new MachineError('ECS_NO_INSTANCE', `"${state.MachineName}" has no instance: its create was interrupted`)
}
