/** Another instance type for an instance that is there. Its disks, and the address it keeps when it stops, stay. */
import { randomUUID } from 'node:crypto'
import { MachineError, UsageError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import type { Ctx } from '../driver.ts'
import type { Resize, ResizePlan } from '../resize.ts'
import type { Ecs } from './api.ts'
import type { EcsConfig, flags } from './flags.ts'
import { describeTypes, zonesWith } from './instance-types.ts'
import { BUSY, linked, WRONG_STATE } from './power.ts'
import type { State } from './state.ts'
import { describe, untilKnown, waitForInstance } from './waits.ts'

type Wish = Partial<Pick<EcsConfig, 'instanceType'>>

/** The change is made when it is answered; descriptions follow within seconds. */
const CHANGED_MS = 60_000

export const resize: Resize<typeof flags, State> = {
  settings: { instanceType: 'another instance type of the same CPU; the machine is stopped and started' },
  plan,
  apply,
}

async function plan(state: State, { instanceType: type = '' }: Wish, ctx: Ctx): Promise<ResizePlan<State>> {
  if (type.includes(','))
    throw new UsageError('--aliyunecs-instance-type takes one type here: there is nothing to try them in turn for')
  if (state.SpotInterruption) throw isSpot(ctx.name)
  const { ecs, InstanceId } = await linked(state, ctx)
  const seen = await describe(ecs, InstanceId)
  if (!seen)
    throw new MachineError('ECS_NOT_FOUND', `instance ${InstanceId} is not there any more`, {
      hints: ['`rm` forgets the machine'],
    })
  if ((seen.SpotStrategy || 'NoSpot') !== 'NoSpot') throw isSpot(ctx.name)
  if (seen.InstanceChargeType === 'PrePaid')
    throw new MachineError('ECS_REFUSED', `"${ctx.name}" is a subscription: its type is changed by an order`, {
      hints: ['change it in the console of ECS, where its price is shown'],
    })
  const from = seen.InstanceType ?? state.InstanceType
  const now = { ...state, InstanceType: from }
  const next = { ...state, InstanceType: type }
  const wished = await typesOf(ecs, from, type)
  if (from === type) return { now, next, differences: [] }
  const zones = await zonesWith(ecs, wished, { ioOptimized: undefined, spot: undefined })
  if (!zones.includes(seen.ZoneId ?? state.Zone))
    throw new MachineError('ECS_CAPACITY', `zone ${seen.ZoneId ?? state.Zone} has no ${type} left`, {
      hints: ['take another --aliyunecs-instance-type: the instance stays in its zone'],
    })
  await mayChange(ecs, InstanceId, type)
  return { now, next, differences: [{ setting: 'instanceType', from, to: type }] }
}

async function apply(state: State, ctx: Ctx): Promise<void> {
  const { ecs, InstanceId } = await linked(state, ctx)
  const { InstanceType } = state
  if ((await describe(ecs, InstanceId))?.InstanceType === InstanceType) return
  const input = { InstanceId, InstanceType, ClientToken: randomUUID() }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('ModifyInstanceSpec', input))
  ctx.point('ecs type changed')
  const is = { signal: ctx.signal, deadlineMs: CHANGED_MS }
  if (await waitForInstance(ecs, InstanceId, each => each.InstanceType === InstanceType, is)) return
  throw new MachineError('ECS_LATE', `instance ${InstanceId} was told to be ${InstanceType} a minute ago and is not`)
}

/** The type wished for; throws where there is none, or it has another CPU than the present one. One call. */
async function typesOf(ecs: Ecs, from: string, type: string) {
  const found = await describeTypes(ecs, { types: [...new Set([type, from])], anyType: true })
  const wished = found.find(each => each.name === type)
  const present = found.find(each => each.name === from) // one that is sold no more may not be listed
  if (!wished)
    throw new MachineError('ECS_NOT_FOUND', `there is no instance type ${type}`, {
      hints: ['check --aliyunecs-instance-type: `aliyun ecs DescribeInstanceTypes` lists those there are'],
    })
  if (present && present.cpu !== wished.cpu)
    throw new UsageError(`instance type ${type} is ${wished.cpu}, and the machine runs on ${present.cpu} (${from})`, [
      `its disk boots on no other: take a type of ${present.cpu}, or make another machine`,
    ])
  return wished
}

/** Whether it is allowed, asked before anything is stopped. That it runs, or is on its way, is no objection. */
async function mayChange(ecs: Ecs, InstanceId: string, InstanceType: string): Promise<void> {
  await ecs.call('ModifyInstanceSpec', { InstanceId, InstanceType, DryRun: true }).catch(error => {
    const code = providerCode(error) ?? ''
    if (code !== 'DryRunOperation' && !WRONG_STATE.test(code)) throw error
  })
}

function isSpot(name: string): MachineError {
  return new MachineError('ECS_SPOT', `"${name}" is a spot instance: ECS does not change the type of one`, {
    hints: ['make another machine of the type'],
  })
}
