/** `--aliyunecs-route-cidr`: the VPC's routers are told that containers of this range are behind the instance. */
import { randomUUID } from 'node:crypto'
import { MachineError } from '../../src/errors.ts'
import type { CreateCtx, Ctx } from '../driver.ts'
import type { InputOf } from './actions.ts'
import type { Ecs } from './api.ts'
import { allOfVpc } from './pages.ts'
import { isGone } from './problems.ts'
import type { State } from './state.ts'
import { describe, untilKnown } from './waits.ts'

const ROUTED_MS = 120_000
/** By it a route is known as ours: it has no tags. */
const DESCRIPTION = 'containers of a machine'
/** Routers take one change at a time. */
const BUSY =
  /^(IncorrectRouteEntryStatus|TaskConflict|InvalidStatus\.RouteEntry|OperationConflict|IncorrectInstanceStatus|IncorrectStatus)/

export async function addRoute(ecs: Ecs, state: State, ctx: CreateCtx<State>): Promise<void> {
  state.RouteTableId = await routeTable(ecs, state.VpcId)
  await ctx.checkpoint(state)
  const input = {
    RouteTableId: state.RouteTableId,
    DestinationCidrBlock: state.RouteCIDR,
    NextHopType: 'Instance' as const,
    NextHopId: state.InstanceId,
    Description: DESCRIPTION,
    ClientToken: randomUUID(),
  }
  await untilKnown(BUSY, ctx.signal, () => ecs.call('CreateRouteEntry', input), ROUTED_MS)
  ctx.point('ecs route made')
}

/** Before the instance: one that a route leads to cannot be released. The old driver recorded no table. */
export async function removeRoute(ecs: Ecs, state: State, instanceId: string, ctx: Ctx): Promise<void> {
  if (!state.RouteCIDR || !state.VpcId) return
  const RouteTableId = state.RouteTableId ?? (await routeTable(ecs, state.VpcId).catch(undefinedIfGone))
  if (!RouteTableId) return
  const DestinationCidrBlock = state.RouteCIDR
  const { RouteEntrys } =
    (await ecs.call('DescribeRouteEntryList', { RouteTableId, DestinationCidrBlock }).catch(undefinedIfGone)) ?? {}
  const ours = RouteEntrys?.RouteEntry?.some(
    entry =>
      entry.DestinationCidrBlock === DestinationCidrBlock &&
      entry.NextHops?.NextHop?.some(hop => hop.NextHopId === instanceId),
  )
  if (!ours) return
  await dropRoute(ecs, { RouteTableId, DestinationCidrBlock, NextHopId: instanceId }, ctx)
}

/** Those we made to an instance of which there is no record any more: while one leads to it, it cannot be released. */
export async function removeRoutesTo(ecs: Ecs, NextHopId: string, ctx: Pick<Ctx, 'signal' | 'point'>): Promise<void> {
  const VpcId = (await describe(ecs, NextHopId))?.VpcAttributes?.VpcId
  if (!VpcId) return
  for (const { RouteTableId = '' } of await routeTables(ecs, VpcId)) {
    const { RouteEntrys } = await ecs.call('DescribeRouteEntryList', { RouteTableId, NextHopId })
    for (const { DestinationCidrBlock = '', Description } of RouteEntrys?.RouteEntry ?? [])
      if (Description === DESCRIPTION) await dropRoute(ecs, { RouteTableId, DestinationCidrBlock, NextHopId }, ctx)
  }
}

async function dropRoute(
  ecs: Ecs,
  route: InputOf<'DeleteRouteEntry'>,
  ctx: Pick<Ctx, 'signal' | 'point'>,
): Promise<void> {
  await untilKnown(BUSY, ctx.signal, () => ecs.call('DeleteRouteEntry', route), ROUTED_MS).catch(undefinedIfGone)
  ctx.point('ecs route removed')
}

/** The VPC's system route table, which its vSwitches have unless somebody gave them another. */
async function routeTable(ecs: Ecs, VpcId: string): Promise<string> {
  const tables = await routeTables(ecs, VpcId)
  const id = (tables.find(table => table.RouteTableType === 'System') ?? tables[0])?.RouteTableId
  if (id) return id
  throw new MachineError('ECS_NO_ROUTE_TABLE', `the VPC ${VpcId} has no route table for --aliyunecs-route-cidr`)
}

function routeTables(ecs: Ecs, VpcId: string) {
  return allOfVpc(ecs, 'DescribeRouteTableList', { VpcId }, page => page.RouterTableList?.RouterTableListType)
}

function undefinedIfGone(error: unknown): undefined {
  if (!isGone(error)) throw error
}
