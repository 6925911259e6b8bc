/** Power. A stopped instance costs its volumes, and loses its public address: `start` gets another. */
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { waitUntilDown } from '../cloud/reboot.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ec2 } from './api.ts'
import { addressOf } from './inspect.ts'
import { terminatedProblem } from './outcomes.ts'
import { accessOf, cannotStop, type State } from './state.ts'
import { describe, RUNNING_MS, STOPPED_MS, stateOf, waitForInstance } from './waits.ts'

export async function startInstance(state: State, ctx: Ctx): Promise<void> {
  const ec2 = await connect(accessOf(state), ctx)
  const id = idOf(state)
  const start = () => ec2.call('StartInstances', { InstanceIds: [id] })
  await start().catch(async error => {
    // It is still on its way down, from a stop that nobody waited for.
    if (providerCode(error) !== 'IncorrectInstanceState') throw error
    await waitUntilStopped(ec2, id, ctx)
    await start()
  })
  ctx.point('ec2 start asked')
  const isUp = (seen: Parameters<typeof addressOf>[1]) => stateOf(seen) === 'running' && !!addressOf(state, seen)
  const seen = await waitForInstance(ec2, id, isUp, { signal: ctx.signal, deadlineMs: RUNNING_MS })
  if (seen === undefined) throw late(id, 'run', RUNNING_MS)
  if (stateOf(seen) === 'terminated') throw terminatedProblem(id, seen, ec2.region)
}

/** Shuts down in order, and waits for it. */
export async function stopInstance(state: State, ctx: Ctx): Promise<void> {
  await stop(state, ctx, false)
}

/** Pulls the plug, as far as EC2 does. */
export async function killInstance(state: State, ctx: Ctx): Promise<void> {
  await stop(state, ctx, true)
}

/** Waits until the host went down: EC2 only passes a reboot on to it. */
export async function restartInstance(state: State, ctx: Ctx): Promise<void> {
  const ec2 = await connect(accessOf(state), ctx)
  const id = idOf(state)
  await ec2.call('RebootInstances', { InstanceIds: [id] })
  ctx.point('ec2 reboot asked')
  const seen = await describe(ec2, id)
  const address = seen && addressOf(state, seen)
  if (address !== undefined) await waitUntilDown(address, state.SSHPort || 22, ctx.signal)
}

async function stop(state: State, ctx: Ctx, Force: boolean): Promise<void> {
  if (cannotStop(state))
    throw new MachineError(
      'EC2_ONE_TIME_SPOT',
      `"${ctx.name}" is a one-time spot instance: EC2 can terminate it, but not stop it`,
      {
        hints: [
          'machine rm ends it; made with --amazonec2-spot-interruption stop, a spot instance can be stopped and started',
        ],
      },
    )
  const ec2 = await connect(accessOf(state), ctx)
  const id = idOf(state)
  await ec2.call('StopInstances', { InstanceIds: [id], ...(Force ? { Force } : {}) })
  ctx.point(Force ? 'ec2 kill asked' : 'ec2 stop asked')
  await waitUntilStopped(ec2, id, ctx)
}

async function waitUntilStopped(ec2: Ec2, id: string, { signal }: Pick<Ctx, 'signal'>): Promise<void> {
  const seen = await waitForInstance(ec2, id, each => stateOf(each) === 'stopped', { signal, deadlineMs: STOPPED_MS })
  if (seen === undefined) throw late(id, 'stop', STOPPED_MS)
  if (stateOf(seen) === 'terminated') throw terminatedProblem(id, seen, ec2.region)
}

function late(id: string, verb: string, ms: number): MachineError {
  return new MachineError('EC2_LATE', `instance ${id} was asked to ${verb} ${ms / 1000} s ago and has not`, {
    hints: verb === 'stop' ? ['machine kill forces it'] : ['machine status shows how far it is'],
  })
}

/** Throws where its create never came to one. */
export function idOf(state: State): string {
  if (state.InstanceId) return state.InstanceId
  throw new MachineError('EC2_NO_INSTANCE', `"${state.MachineName}" has no instance: its create was interrupted`)
}
