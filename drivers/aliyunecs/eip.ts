/** Elastic addresses: on record before they are asked for, because they cost until they are given back. */
import { randomUUID } from 'node:crypto'
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { waitFor } from '../cloud/wait.ts'
import type { CreateCtx, Ctx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { allOfVpc } from './pages.ts'
import { isGone } from './problems.ts'
import type { Settings } from './settings.ts'
import { isOld, type State } from './state.ts'
import { machineTags, TAG_MACHINE, TAG_STORE, tagList } from './tags.ts'
import type { SeenEip } from './vpc-actions.ts'
import { CONSISTENT_MS, untilKnown } from './waits.ts'

const BOUND_MS = 90_000
/** Said while it, or the instance, goes from one state to another. */
const BUSY =
  /^(IncorrectEipStatus|IncorrectInstanceStatus|TaskConflict|OperationConflict|InvalidOperation\.Conflict|InvalidStatus|IncorrectStatus)/

/** Allocates an address for the machine and binds it; `state` has it, on record. */
export async function giveEip(ecs: Ecs, s: Settings, state: State, ctx: CreateCtx<State>): Promise<void> {
  state.EipAsked = new Date().toISOString()
  await ctx.checkpoint(state)
  const made = await ecs.call('AllocateEipAddress', {
    Bandwidth: String(s.bandwidth),
    InternetChargeType: s.chargeType,
    Name: ctx.name,
    ...(s.resourceGroup ? { ResourceGroupId: s.resourceGroup } : {}),
    ClientToken: randomUUID(),
    Tag: tagList(machineTags(s.tags, ctx.name, ctx.storeId)),
  })
  state.AllocationId = made.AllocationId ?? ''
  await ctx.checkpoint(state)
  ctx.point('ecs elastic address made')
  await untilEip(ecs, state.AllocationId, eip => eip?.Status === 'Available', ctx)
  const binding = {
    AllocationId: state.AllocationId,
    InstanceId: state.InstanceId,
    InstanceType: 'EcsInstance' as const,
    ClientToken: randomUUID(),
  }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('AssociateEipAddress', binding), BOUND_MS)
  ctx.point('ecs elastic address bound')
  const bound = await untilEip(ecs, state.AllocationId, eip => eip?.Status === 'InUse', ctx)
  state.IPAddress = bound?.IpAddress ?? made.EipAddress ?? ''
  await ctx.checkpoint(state)
}

/** Takes the machine's addresses off it and gives them back; gone already is success. */
export async function releaseEips(ecs: Ecs, state: State, attached: string | undefined, ctx: Ctx): Promise<void> {
  for (const id of await idsOf(ecs, state, attached, ctx)) await releaseEip(ecs, id, ctx)
}

/**
 * The address on record; one whose answer never came, by its tags; of a machine of the old driver, which kept no record of
 * it, whatever its instance has, as that driver did.
 */
async function idsOf(ecs: Ecs, state: State, attached: string | undefined, ctx: Ctx): Promise<string[]> {
  if (isOld(state)) return attached && state.VpcId && !state.PrivateIPOnly ? [attached] : []
  if (state.AllocationId) return [state.AllocationId]
  if (!state.EipAsked) return []
  const left = Date.parse(state.EipAsked) + CONSISTENT_MS - Date.now()
  const Tag = tagList({ [TAG_STORE]: ctx.storeId, [TAG_MACHINE]: ctx.name })
  const look = async () => {
    const seen = await eipsWhere(ecs, { Tag })
    return seen.length > 0 ? seen.flatMap(eip => eip.AllocationId ?? []) : undefined
  }
  const patience = { signal: ctx.signal, deadlineMs: Math.min(CONSISTENT_MS, Math.max(0, left)), firstMs: 1000 }
  return (await waitFor(look, patience)) ?? []
}

export async function eipsWhere(ecs: Ecs, where: { Tag?: ReturnType<typeof tagList>; AllocationId?: string }) {
  return await allOfVpc(ecs, 'DescribeEipAddresses', where, page => page.EipAddresses?.EipAddress)
}

/** Step by step, by what it is now: a step whose answer was lost has been done when it is looked at again. */
export async function releaseEip(ecs: Ecs, AllocationId: string, ctx: Pick<Ctx, 'signal' | 'point'>): Promise<void> {
  const step = async (work: Promise<unknown>, point: string) => {
    await work.then(
      () => ctx.point(point),
      error => {
        if (!isGone(error) && !BUSY.test(providerCode(error) ?? '')) throw error
      },
    )
  }
  const gone = await waitFor(
    async () => {
      const [eip] = await eipsWhere(ecs, { AllocationId })
      if (!eip) return true
      if (eip.Status === 'InUse' && eip.InstanceId) {
        const input = { AllocationId, InstanceId: eip.InstanceId, InstanceType: 'EcsInstance' as const }
        await step(ecs.call('UnassociateEipAddress', input), 'ecs elastic address taken off')
      } else if (eip.Status === 'Available') {
        await step(ecs.call('ReleaseEipAddress', { AllocationId }), 'ecs elastic address given back')
      }
      return undefined
    },
    { signal: ctx.signal, deadlineMs: BOUND_MS, firstMs: 700, mostMs: 3000 },
  )
  if (!gone) throw stuck(AllocationId)
}

/** One that is not shown counts as not known yet, unless `done` takes that, too. */
async function untilEip(
  ecs: Ecs,
  AllocationId: string,
  done: (eip: SeenEip | undefined) => boolean,
  { signal }: Pick<Ctx, 'signal'>,
): Promise<SeenEip | undefined> {
  const look = async () => {
    const [eip] = await eipsWhere(ecs, { AllocationId })
    return done(eip) ? { eip } : undefined
  }
  const seen = await waitFor(look, { signal, deadlineMs: BOUND_MS, firstMs: 700, mostMs: 3000 })
  if (seen) return seen.eip
  throw stuck(AllocationId)
}

function stuck(id: string): MachineError {
  return new MachineError('ECS_LATE', `the elastic address ${id} has not changed its state in ${BOUND_MS / 1000} s`, {
    hints: ['try again: what was made is on record, and `rm` gives it back'],
  })
}
