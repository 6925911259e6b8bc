/** Route tables and their entries. */
import type { Data } from '../../cloud/data.ts'
import { Problem, refuseUnless } from '../../cloud/problem.ts'
import { instanceOf } from '../instance-view.ts'
import { byNumber, hasTags, matches, vpcTags } from '../lists.ts'
import { found } from '../problem.ts'
import { vswitchesOf } from '../vpc-view.ts'
import { type Ask, type Handlers, isOld, minutes, newId, type Route, seconds, type Vpc, type World } from '../world.ts'

function tableOf(id: unknown, region: string, { vpcs }: World): Vpc {
  const vpc = [...vpcs.values()].find(each => each.region === region && each.routeTableId === id)
  return found(vpc, 'InvalidRouteTableId.NotFound', 'Specified route table does not exist.')
}

function stateOf(route: Route, { delays }: World): 'Pending' | 'Available' | 'Deleting' {
  if (route.endsAt !== undefined) return 'Deleting'
  return isOld(route.madeAt, delays.route) ? 'Available' : 'Pending'
}

/** The entries of a table that are still there. */
export function routesOf(vpc: Vpc, world: World): Route[] {
  for (const route of world.routes.values())
    if (route.endsAt !== undefined && route.endsAt <= Date.now()) world.routes.delete(route.id)
  return [...world.routes.values()].filter(route => route.tableId === vpc.routeTableId)
}

/** One change of a table at a time. */
function checkQuiet(vpc: Vpc, service: string, world: World): void {
  if (routesOf(vpc, world).every(route => stateOf(route, world) === 'Available')) return
  throw service === 'ecs'
    ? new Problem('IncorrectRouteEntryStatus', 'Current route entry status does not support this operation.')
    : new Problem('TaskConflict', 'The operation is too frequent, please wait a moment and try again.')
}

function entryView(route: Route, world: World): Data {
  return {
    RouteEntryId: route.id,
    RouteTableId: route.tableId,
    DestinationCidrBlock: route.cidr,
    InstanceId: route.nextHopId,
    NextHopType: route.nextHopType,
    NextHops: { NextHop: [{ NextHopId: route.nextHopId, NextHopType: route.nextHopType, Enabled: 1, Weight: 0 }] },
    Status: stateOf(route, world),
    Type: 'Custom',
    RouteEntryName: '',
    Description: '',
    ...route.about,
  }
}

/** What the VPC itself routes. */
function systemEntries(vpc: Vpc, world: World): Data[] {
  const cidrs = [...vswitchesOf(vpc, world).map(each => each.cidr), '100.64.0.0/10']
  return cidrs.map(cidr => ({
    RouteEntryId: '',
    RouteTableId: vpc.routeTableId,
    DestinationCidrBlock: cidr,
    InstanceId: '',
    NextHopType: cidr === '100.64.0.0/10' ? 'service' : 'local',
    NextHops: { NextHop: [] },
    Status: 'Available',
    Type: 'System',
    RouteEntryName: '',
    Description: '',
  }))
}

const entriesOf = (vpc: Vpc, world: World) => [
  ...routesOf(vpc, world).map(route => entryView(route, world)),
  ...systemEntries(vpc, world),
]

const tables = ({ parameters: p, region }: Ask, world: World) =>
  [...world.vpcs.values()].filter(
    vpc =>
      vpc.region === region &&
      matches(p, {
        RouteTableId: vpc.routeTableId,
        VRouterId: vpc.vRouterId,
        RouterId: vpc.vRouterId,
        VpcId: vpc.id,
      }) &&
      hasTags({ tags: new Map() }, p.Tag),
  )

export const routes: Handlers = {
  DescribeRouteTables(ask, world) {
    const { page, about } = byNumber(tables(ask, world), ask.parameters)
    return () => ({
      ...about,
      RouteTables: {
        RouteTable: page.map(vpc => ({
          RouteTableId: vpc.routeTableId,
          VRouterId: vpc.vRouterId,
          RouteTableType: 'System',
          Status: 'Available',
          CreationTime: minutes(vpc.madeAt),
          VSwitchIds: { VSwitchId: vswitchesOf(vpc, world).map(each => each.id) },
          RouteEntrys: { RouteEntry: entriesOf(vpc, world) },
        })),
      },
    })
  },
  DescribeRouteTableList(ask, world) {
    const { page, about } = byNumber(tables(ask, world), ask.parameters)
    return () => ({
      ...about,
      Code: '200',
      Success: true,
      RouterTableList: {
        RouterTableListType: page.map(vpc => ({
          RouteTableId: vpc.routeTableId,
          VpcId: vpc.id,
          RouterId: vpc.vRouterId,
          RouterType: 'VRouter',
          RouteTableType: 'System',
          RouteTableName: '',
          Description: '',
          AssociateType: 'VSwitch',
          Status: 'Available',
          CreationTime: seconds(vpc.madeAt),
          ResourceGroupId: vpc.resourceGroupId,
          VSwitchIds: { VSwitchId: vswitchesOf(vpc, world).map(each => each.id) },
          Tags: vpcTags({ tags: new Map() }),
        })),
      },
    })
  },
  DescribeRouteEntryList({ parameters: p, region }, world) {
    const vpc = tableOf(p.RouteTableId, region, world)
    const all = entriesOf(vpc, world).filter(entry =>
      matches(p, {
        DestinationCidrBlock: entry.DestinationCidrBlock,
        RouteEntryId: entry.RouteEntryId,
        NextHopId: entry.InstanceId,
        RouteEntryType: entry.Type,
      }),
    )
    return () => ({ NextToken: '', TotalCount: all.length, RouteEntrys: { RouteEntry: all } })
  },
  CreateRouteEntry({ service, parameters: p, region }, world) {
    const vpc = tableOf(p.RouteTableId, region, world)
    const cidr = String(p.DestinationCidrBlock)
    const taken = entriesOf(vpc, world).some(entry => entry.DestinationCidrBlock === cidr)
    refuseUnless(!taken, 'InvalidCIDRBlock.Duplicate', 'Specified CIDR block is already exists.')
    checkQuiet(vpc, service, world)
    const type = String(p.NextHopType ?? 'Instance')
    refuseUnless(p.NextHopId, 'MissingParameter', 'The input parameter "NextHopId" is mandatory.')
    if (type === 'Instance')
      refuseUnless(
        instanceOf(p.NextHopId, world, region).vpcId === vpc.id,
        'InvalidNextHopId.NotFound',
        'Specified NextHop does not exist in the VPC.',
        404,
      )
    return () => {
      const route: Route = {
        id: newId('rte'),
        tableId: vpc.routeTableId,
        cidr,
        nextHopType: type,
        nextHopId: String(p.NextHopId),
        madeAt: Date.now(),
        about: { RouteEntryName: p.RouteEntryName ?? '', Description: p.Description ?? '' },
        endsAt: undefined,
      }
      world.routes.set(route.id, route)
      return { RouteEntryId: route.id }
    }
  },
  DeleteRouteEntry({ service, parameters: p, region }, world) {
    const all = [...world.vpcs.values()].filter(vpc => vpc.region === region).flatMap(vpc => routesOf(vpc, world))
    const route = found(
      all.find(
        each =>
          each.endsAt === undefined &&
          (p.RouteEntryId === undefined || each.id === p.RouteEntryId) &&
          (p.RouteTableId === undefined || each.tableId === p.RouteTableId) &&
          (p.DestinationCidrBlock === undefined || each.cidr === p.DestinationCidrBlock) &&
          (p.NextHopId === undefined || each.nextHopId === p.NextHopId) &&
          (p.RouteEntryId !== undefined || p.DestinationCidrBlock !== undefined),
      ),
      'InvalidRouteEntry.NotFound',
      'The specified route entry does not exist.',
    )
    checkQuiet(tableOf(route.tableId, region, world), service, world)
    return () => {
      route.endsAt = Date.now() + world.delays.route
      return {}
    }
  },
}
