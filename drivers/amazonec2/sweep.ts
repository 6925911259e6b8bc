/** What this store made at EC2 and nobody owns any more: found by its mark, and removed in the order EC2 wants. */
import { MachineError } from '../../src/errors.ts'
import { regionsNamed, removeInOrder } from '../cloud/sweep.ts'
import type { SweepCtx } from '../sweep.ts'
import { connect, type Ec2 } from './api.ts'
import type { AccessConfig } from './flags.ts'
import { isGone } from './gone.ts'
import { keepVolumes } from './kept-volumes.ts'
import { type Ec2Marked, markedIn } from './marked.ts'
import { deleteGroup } from './remove-groups.ts'
import { readAccess } from './settings.ts'
import { groupIdsOf, groupNamesOf, type State, taggedName } from './state.ts'
import { describe, stateOf, TERMINATED_MS, waitForInstance } from './waits.ts'

/** Instances first: the others hang on them. */
const ORDER: readonly Ec2Marked['kind'][] = ['spot request', 'instance', 'volume', 'key pair', 'security group']

/** `--amazonec2-region` may name several here, parted by commas, or `all`. */
export async function findMarked(config: AccessConfig, ctx: SweepCtx): Promise<Ec2Marked[]> {
  const regions = await regionsNamed(config.region, () => allRegions(config, ctx))
  const ec2s = await Promise.all(regions.map(region => connectTo(region, config, ctx)))
  return (await Promise.all(ec2s.map(ec2 => markedIn(ec2, ctx.storeId)))).flat()
}

/** A state that does not name what it has yet, or no more, owns all that was made for its machine. */
export function owns(state: State, thing: Ec2Marked): boolean {
  if (thing.kind === 'security group')
    return groupIdsOf(state).includes(thing.id) || groupNamesOf(state).includes(thing.name ?? '')
  if (!state.InstanceId && thing.machine === taggedName(state)) return true
  if (thing.kind === 'instance') return state.InstanceId === thing.id
  if (thing.kind === 'key pair') return state.KeyName === thing.id
  if (thing.kind === 'spot request') return state.SpotRequestId === thing.id || state.InstanceId === thing.instance
  return thing.machine === taggedName(state)
}

export async function removeMarked(
  things: readonly Ec2Marked[],
  config: AccessConfig,
  ctx: SweepCtx,
): Promise<{ thing: Ec2Marked; why: string }[]> {
  // Not to reach a region is no reason of one thing's to stay: it is thrown. Links are kept, so this connects once.
  for (const place of new Set(things.map(thing => thing.place))) await connectTo(place, config, ctx)
  const remove = async (thing: Ec2Marked) => await removeOne(await connectTo(thing.place, config, ctx), thing, ctx)
  return await removeInOrder(things, ORDER, remove, isGone, ctx)
}

async function removeOne(ec2: Ec2, thing: Ec2Marked, ctx: SweepCtx): Promise<void> {
  const { id } = thing
  if (thing.kind === 'spot request') await ec2.call('CancelSpotInstanceRequests', { SpotInstanceRequestIds: [id] })
  else if (thing.kind === 'instance') await endInstance(ec2, id, ctx)
  else if (thing.kind === 'volume') await ec2.call('DeleteVolume', { VolumeId: id })
  else if (thing.kind === 'key pair') await ec2.call('DeleteKeyPair', { KeyName: id })
  else {
    const group = { id, name: thing.name ?? id, store: ctx.storeId, permissions: [] }
    if (!(await deleteGroup(ec2, group, ctx))) throw new MachineError('EC2_IN_USE', 'something uses it')
  }
  ctx.point(`ec2 swept ${thing.kind}`)
}

/** Waits until it is gone, so that what it held can go too. */
async function endInstance(ec2: Ec2, id: string, ctx: SweepCtx): Promise<void> {
  const instance = await describe(ec2, id)
  if (!instance || stateOf(instance) === 'terminated') return
  await keepVolumes(ec2, instance, ctx)
  await ec2.call('ModifyInstanceAttribute', { InstanceId: id, DisableApiTermination: { Value: false } })
  await ec2.call('TerminateInstances', { InstanceIds: [id] })
  const ended = { signal: ctx.signal, deadlineMs: TERMINATED_MS }
  await waitForInstance(ec2, id, seen => stateOf(seen) === 'terminated', ended)
}

async function allRegions(config: AccessConfig, ctx: SweepCtx): Promise<string[]> {
  const anywhere = await connectTo(undefined, config, ctx)
  const { Regions = [] } = await anywhere.call('DescribeRegions', {})
  return Regions.flatMap(region => region.RegionName ?? [])
}

function connectTo(region: string | undefined, config: AccessConfig, ctx: SweepCtx): Promise<Ec2> {
  return connect({ ...readAccess(config), region }, ctx)
}
