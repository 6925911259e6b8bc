/** What this store made at Alibaba Cloud and nobody owns any more: found by its mark, removed in the order ECS wants. */
import { MachineError } from '../../src/errors.ts'
import { regionsNamed, removeInOrder } from '../cloud/sweep.ts'
import type { SweepCtx } from '../sweep.ts'
import type { AccessConfig } from './access-flags.ts'
import { connect, type Ecs } from './api.ts'
import { releaseEip } from './eip.ts'
import { deleteKey } from './key-pair.ts'
import { type EcsMarked, markedIn } from './marked.ts'
import { isGone } from './problems.ts'
import { endInstance } from './remove.ts'
import { deleteGroup, deleteVpc, deleteVSwitch } from './remove-shared.ts'
import { removeRoutesTo } from './route.ts'
import { readAccess } from './settings.ts'
import type { State } from './state.ts'

/** What hangs on others first. */
const ORDER: readonly EcsMarked['kind'][] = [
  'elastic address',
  'instance',
  'key pair',
  'security group',
  'vSwitch',
  'VPC',
]

/** `--aliyunecs-region` may name several here, parted by commas, or `all`. */
export async function findMarked(config: AccessConfig, ctx: SweepCtx): Promise<EcsMarked[]> {
  const regions = await regionsNamed(config.region, () => allRegions(config, ctx))
  const ecss = await Promise.all(regions.map(region => connectTo(region, config, ctx)))
  return (await Promise.all(ecss.map(ecs => markedIn(ecs, ctx.storeId)))).flat()
}

/** A state that does not name what it has yet, or no more, owns all that was made for its machine, and what is shared. */
export function owns(state: State, thing: EcsMarked): boolean {
  const beingMade = !state.InstanceId
  if (thing.kind === 'security group') return beingMade || state.SecurityGroupId === thing.id
  if (thing.kind === 'vSwitch') return beingMade || state.VSwitchId === thing.id
  if (thing.kind === 'VPC') return beingMade || state.VpcId === thing.id
  if (beingMade && thing.machine === state.MachineName) return true
  if (thing.kind === 'instance') return state.InstanceId === thing.id
  if (thing.kind === 'key pair') return state.KeyName === thing.id
  return state.AllocationId ? state.AllocationId === thing.id : thing.machine === state.MachineName
}

export async function removeMarked(things: readonly EcsMarked[], config: AccessConfig, ctx: SweepCtx) {
  const removeOne = async (thing: EcsMarked) => {
    await remove(await connectTo(thing.place, config, ctx), thing, ctx)
    ctx.point(`ecs swept ${thing.kind}`)
  }
  return await removeInOrder(things, ORDER, removeOne, isGone, ctx)
}

async function remove(ecs: Ecs, { kind, id, name }: EcsMarked, ctx: SweepCtx): Promise<void> {
  if (kind === 'instance') {
    await removeRoutesTo(ecs, id, ctx)
    return await endInstance(ecs, id, ctx)
  }
  if (kind === 'elastic address') return await releaseEip(ecs, id, ctx)
  if (kind === 'key pair') return await deleteKey(ecs, id, ctx.signal)
  const gone =
    kind === 'security group'
      ? await deleteGroup(ecs, { id, name: name ?? id }, ctx)
      : kind === 'vSwitch'
        ? await deleteVSwitch(ecs, id, ctx)
        : await deleteVpc(ecs, id, ctx)
  if (!gone) throw new MachineError('ECS_IN_USE', 'something uses it')
}

async function allRegions(config: AccessConfig, ctx: SweepCtx): Promise<string[]> {
  const { Regions } = await (await connectTo(undefined, config, ctx)).call('DescribeRegions', {})
  return Regions?.Region?.flatMap(region => region.RegionId ?? []) ?? []
}

function connectTo(region: string | undefined, config: AccessConfig, ctx: SweepCtx): Promise<Ecs> {
  return connect({ ...readAccess(config), region }, ctx)
}
