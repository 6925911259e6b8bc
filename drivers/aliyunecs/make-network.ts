/** Making what a region without a network lacks: one VPC for the store, and vSwitches where a machine goes. */
import { randomUUID } from 'node:crypto'
import { MachineError } from '../../src/errors.ts'
import { providerCode } from '../cloud/failure.ts'
import { waitFor } from '../cloud/wait.ts'
import type { CreateCtx } from '../driver.ts'
import type { Ecs } from './api.ts'
import { freeRange, OUR_VPC_RANGE } from './free-range.ts'
import { isOf, type Network } from './network.ts'
import { allOfVpc } from './pages.ts'
import { type Settings, SHARED_NAME } from './settings.ts'
import { earliest } from './shared.ts'
import type { State } from './state.ts'
import { sharedTags, TAG_MADE, TAG_STORE, tagList, tagsOf } from './tags.ts'
import type { SeenVpc, SeenVSwitch } from './vpc-actions.ts'
import { untilKnown } from './waits.ts'

const READY_MS = 60_000
const MOST_TRIES = 5
const TEXT = 'made by machine for its hosts'

/** The store's VPC; `state` has its id, on record. */
export async function makeVpc(ecs: Ecs, s: Settings, state: State, ctx: CreateCtx<State>): Promise<void> {
  const ClientToken = randomUUID()
  // The time in its tags decides whose VPC it is: it must be that of the try which makes it.
  const { VpcId = '' } = await ecs.call('CreateVpc', () => ({
    CidrBlock: OUR_VPC_RANGE,
    VpcName: SHARED_NAME,
    Description: TEXT,
    ...(s.resourceGroup ? { ResourceGroupId: s.resourceGroup } : {}),
    ClientToken,
    Tag: tagList(sharedTags(s.tags, ctx.storeId)),
  }))
  state.VpcId = VpcId
  await ctx.checkpoint(state)
  ctx.point('ecs vpc made')
  const all = () => vpcsOfStore(ecs, ctx.storeId)
  const vpc = await earliest<SeenVpc>(
    VpcId,
    {
      look: all,
      idOf: each => each.VpcId ?? '',
      madeOf: each => tagsOf(each)[TAG_MADE] ?? each.CreationTime ?? '',
      ready: each => each.Status !== 'Pending',
      drop: async id => void (await ecs.call('DeleteVpc', { VpcId: id })),
    },
    ctx,
  )
  if (!vpc?.VpcId) throw late('VPC', VpcId)
  if (vpc.VpcId === state.VpcId) return
  state.VpcId = vpc.VpcId
  await ctx.checkpoint(state)
}

export async function vpcsOfStore(ecs: Ecs, storeId: string): Promise<SeenVpc[]> {
  const Tag = tagList({ [TAG_STORE]: storeId })
  return await allOfVpc(ecs, 'DescribeVpcs', { Tag }, page => page.Vpcs?.Vpc)
}

export async function vSwitchesOfStore(ecs: Ecs, storeId: string, VpcId?: string): Promise<SeenVSwitch[]> {
  const Tag = tagList({ [TAG_STORE]: storeId })
  const input = { Tag, ...(VpcId ? { VpcId } : {}) }
  return await allOfVpc(ecs, 'DescribeVSwitches', input, page => page.VSwitches?.VSwitch)
}

/** A vSwitch in this zone of the machine's VPC: made, or the one of the store that another create made meanwhile. */
export async function vSwitchIn(
  ecs: Ecs,
  s: Settings,
  network: Network,
  zone: string,
  state: State,
  ctx: CreateCtx<State>,
): Promise<string> {
  const look = () => allOfVpc(ecs, 'DescribeVSwitches', { VpcId: state.VpcId }, page => page.VSwitches?.VSwitch)
  let seen = network.vSwitches
  for (let left = MOST_TRIES; ; left--) {
    const ours = seen.find(each => each.ZoneId === zone && isOf(ctx.storeId)(each))
    try {
      const id = ours?.VSwitchId ?? (await makeVSwitch(ecs, s, network, { zone, seen }, state, ctx))
      const usable = async () => (await look()).find(each => each.VSwitchId === id && each.Status !== 'Pending')
      if (await waitFor(usable, { signal: ctx.signal, deadlineMs: READY_MS, firstMs: 500, mostMs: 2000 })) return id
      throw late('vSwitch', id)
    } catch (error) {
      // Another create took the range at the same time.
      if (left <= 1 || !/Overlap|CidrBlock/i.test(providerCode(error) ?? '')) throw error
      seen = await look()
    }
  }
}

async function makeVSwitch(
  ecs: Ecs,
  s: Settings,
  { ranges }: Network,
  { zone, seen }: { zone: string; seen: readonly SeenVSwitch[] },
  state: State,
  ctx: CreateCtx<State>,
): Promise<string> {
  const CidrBlock = freeRange(
    ranges.v4,
    seen.flatMap(each => each.CidrBlock ?? []),
  )
  if (CidrBlock === undefined)
    throw new MachineError('ECS_NO_ROOM', `the VPC ${state.VpcId} has no range left for a vSwitch in zone ${zone}`, {
      hints: ['name a vSwitch that is there: --aliyunecs-vswitch-id'],
    })
  const input = {
    VpcId: state.VpcId,
    ZoneId: zone,
    CidrBlock,
    VSwitchName: SHARED_NAME,
    Description: TEXT,
    ClientToken: randomUUID(),
    Tag: tagList(sharedTags(s.tags, ctx.storeId)),
  }
  const made = await untilKnown(/^(InvalidVpc|IncorrectVpcStatus|TaskConflict|OperationConflict)/, ctx.signal, () =>
    ecs.call('CreateVSwitch', input),
  )
  state.VSwitchId = made.VSwitchId ?? ''
  await ctx.checkpoint(state)
  ctx.point('ecs vswitch made')
  return state.VSwitchId
}

function late(what: string, id: string): MachineError {
  return new MachineError('ECS_LATE', `the ${what} ${id} was made and cannot be used after ${READY_MS / 1000} s`, {
    hints: ['try again'],
  })
}
