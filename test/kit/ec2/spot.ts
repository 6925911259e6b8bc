/** Spot requests: the ones RunInstances makes. moto launches spot instances but makes no request. */
import { randomBytes } from 'node:crypto'
import type { Tag } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { describeList, matchesFilters } from './describe.ts'
import type { Ask, Handlers, Instance, World } from './world.ts'

export interface Spot {
  readonly id: string
  readonly region: string
  readonly once: boolean
  /** The request as DescribeSpotInstanceRequests shows it, without tags. */
  describe(): Data
  readonly open: boolean
  cancel(): void
  close(why: string): void
}

/** US dollars an hour. */
export const spotPriceOf = (vcpus: number): number => Number((vcpus * 0.0021).toFixed(4))

export function makeSpot(instance: Instance, zone: string, world: World): Spot {
  const options = instance.asked.InstanceMarketOptions?.SpotOptions
  const id = `sir-${randomBytes(4).toString('hex')}`
  const once = (options?.SpotInstanceType ?? 'one-time') === 'one-time'
  const madeAt = new Date().toISOString()
  let state = 'active'
  let status = { Code: 'fulfilled', Message: 'Your Spot request is fulfilled.' }
  const spot: Spot = {
    id,
    region: instance.region,
    once,
    get open() {
      return state === 'active' || state === 'open'
    },
    cancel() {
      if (!spot.open) return
      status =
        state === 'active'
          ? {
              Code: 'request-canceled-and-instance-running',
              Message: 'Your Spot request is canceled, but your instance is still running.',
            }
          : {
              Code: 'canceled-before-fulfillment',
              Message: 'Your Spot request is canceled before it was fulfilled.',
            }
      state = 'cancelled'
    },
    close(why) {
      if (state === 'cancelled') {
        status = {
          Code: 'instance-terminated-by-user',
          Message: 'Spot Instance terminated due to user-initiated termination.',
        }
        return
      }
      // A persistent one would be fulfilled again; this cloud has no more to give.
      state = once ? 'closed' : 'open'
      status = why.startsWith('Server.')
        ? {
            Code: 'instance-terminated-no-capacity',
            Message: 'Your Spot instance was terminated because there is no longer sufficient Spot capacity.',
          }
        : {
            Code: 'instance-terminated-by-user',
            Message: 'Spot Instance terminated due to user-initiated termination.',
          }
    },
    describe: () => ({
      SpotInstanceRequestId: id,
      SpotPrice: options?.MaxPrice ?? '0.100000',
      Type: once ? 'one-time' : 'persistent',
      State: state,
      Status: { ...status, UpdateTime: madeAt },
      InstanceId: instance.id,
      CreateTime: madeAt,
      ProductDescription: 'Linux/UNIX',
      LaunchedAvailabilityZone: zone,
      InstanceInterruptionBehavior: options?.InstanceInterruptionBehavior ?? 'terminate',
      LaunchSpecification: {
        ImageId: instance.asked.ImageId ?? '',
        InstanceType: instance.asked.InstanceType ?? '',
        ...(instance.asked.KeyName ? { KeyName: instance.asked.KeyName } : {}),
        SubnetId: instance.subnetId,
      },
    }),
  }
  world.spots.set(id, spot)
  return spot
}

async function tagsOf(id: string, region: string, world: World): Promise<Tag[]> {
  const { Tags = [] } = await world.moto.call<{ Tags?: Tag[] }>(region, 'DescribeTags', {
    Filters: [{ Name: 'resource-id', Values: [id] }],
  })
  return Tags.map(({ Key, Value }) => ({ Key, Value })) as Tag[]
}

function find(ask: Ask, world: World): Spot[] {
  const ids = (ask.parameters.SpotInstanceRequestIds ?? []) as string[]
  for (const id of ids)
    refuseUnless(
      world.spots.get(id)?.region === ask.region,
      'InvalidSpotInstanceRequestID.NotFound',
      `The spot instance request ID '${id}' does not exist`,
    )
  return [...world.spots.values()].filter(s => s.region === ask.region && (ids.length === 0 || ids.includes(s.id)))
}

export const spotHandlers: Handlers = {
  DescribeSpotInstanceRequests: async (ask, world) => {
    const found = find(ask, world)
    return async () => {
      const all = await Promise.all(
        found.map(async spot => ({
          ...spot.describe(),
          Tags: (await tagsOf(spot.id, ask.region, world)) as unknown as Data[],
        })),
      )
      return describeList('SpotInstanceRequests', all.filter(matchesFilters(ask)), ask)
    }
  },
  CancelSpotInstanceRequests: (ask, world) => {
    const found = find(ask, world)
    return async () => {
      for (const spot of found) spot.cancel()
      return {
        CancelledSpotInstanceRequests: found.map(spot => ({ SpotInstanceRequestId: spot.id, State: 'cancelled' })),
      }
    }
  },
}
