/** Another instance type for an instance that is there. Its volumes and private address stay. */
import type { Instance } from '@aws-sdk/client-ec2'
import { MachineError, UsageError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import type { Ctx } from '../driver.ts'
import type { Resize, ResizePlan } from '../resize.ts'
import type { Action, InputOf } from './actions.ts'
import { connect, type Ec2 } from './api.ts'
import type { Ec2Config, flags } from './flags.ts'
import { describeTypes } from './instance-types.ts'
import { idOf } from './power.ts'
import { accessOf, type State } from './state.ts'
import { describe, stateOf } from './waits.ts'

type Wish = Partial<Pick<Ec2Config, 'instanceType'>>

export const resize: Resize<typeof flags, State> = {
  settings: { instanceType: 'another instance type of the same CPU; the machine is stopped and started' },
  plan,
  apply,
}

async function plan(state: State, { instanceType: type = '' }: Wish, ctx: Ctx): Promise<ResizePlan<State>> {
  if (type.includes(','))
    throw new UsageError('--amazonec2-instance-type takes one type here: there is nothing to try them in turn for')
  const id = idOf(state)
  if (state.RequestSpotInstance) throw isSpot(ctx.name)
  const ec2 = await connect(accessOf(state), ctx)
  const seen = await describe(ec2, id)
  if (!seen || /^(shutting-down|terminated)$/.test(stateOf(seen)))
    throw new MachineError('EC2_NOT_FOUND', `instance ${id} is not there any more`, {
      hints: ['`rm` forgets the machine'],
    })
  if (seen.InstanceLifecycle === 'spot') throw isSpot(ctx.name)
  const from = seen.InstanceType ?? state.InstanceType
  const now = { ...state, InstanceType: from }
  const next = { ...state, InstanceType: type }
  const [wished] = await describeTypes(ec2, [type])
  if (from === type) return { now, next, differences: [] }
  checkCpu(seen, type, wished?.cpus ?? [])
  // Asked before it is stopped: a machine that may not be started again must not be stopped.
  await mayBe(ec2, 'StopInstances', { InstanceIds: [id] })
  await mayBe(ec2, 'ModifyInstanceAttribute', { InstanceId: id, InstanceType: { Value: type } })
  await mayBe(ec2, 'StartInstances', { InstanceIds: [id] })
  return { now, next, differences: [{ setting: 'instanceType', from, to: type }] }
}

async function apply(state: State, ctx: Ctx): Promise<void> {
  const ec2 = await connect(accessOf(state), ctx)
  const id = idOf(state)
  if ((await describe(ec2, id))?.InstanceType === state.InstanceType) return
  await ec2.call('ModifyInstanceAttribute', { InstanceId: id, InstanceType: { Value: state.InstanceType } })
  ctx.point('ec2 type changed')
}

function checkCpu(
  { Architecture: cpu = 'x86_64', InstanceType: from }: Instance,
  type: string,
  cpus: readonly string[],
) {
  if (cpus.includes(cpu)) return
  throw new UsageError(`instance type ${type} is ${cpus.join(' and ')}, and the machine runs on ${cpu} (${from})`, [
    `its disk boots on no other: take a type of ${cpu}, or make another machine`,
  ])
}

/** Whether it is allowed. In what state the instance is for it is another question, and not asked here. */
async function mayBe<A extends Action>(ec2: Ec2, action: A, input: InputOf<A>): Promise<void> {
  await ec2.allowed(action, input).catch(error => {
    if (providerCode(error) !== 'IncorrectInstanceState') throw error
  })
}

function isSpot(name: string): MachineError {
  return new MachineError('EC2_SPOT', `"${name}" is a spot instance: EC2 does not change the type of one`, {
    hints: ['make another machine of the type'],
  })
}
