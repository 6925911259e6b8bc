/** What carries the mark of a store, in one region. */

import type { Marked } from '../sweep.ts'
import type { Ec2 } from './api.ts'
import { groupsOfStore } from './security-group.ts'
import { TAG_KEPT, TAG_MACHINE, TAG_STORE, tagsOf } from './tags.ts'
import { describeWhere, stateOf } from './waits.ts'

/** Of a thing that stands for an instance, also that instance's id. */
export interface Ec2Marked extends Marked {
  readonly kind: 'instance' | 'spot request' | 'volume' | 'key pair' | 'security group'
  readonly instance?: string
  /** Of a security group. */
  readonly name?: string
}

/** Everything of the store that is still there; volumes only where no instance has them, and nobody wants to keep them. */
export async function markedIn(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const kinds = await Promise.all([
    instances(ec2, storeId),
    spotRequests(ec2, storeId),
    volumes(ec2, storeId),
    keyPairs(ec2, storeId),
    groups(ec2, storeId),
  ])
  return kinds.flat()
}

type Tagged = Parameters<typeof tagsOf>[0]

function base(ec2: Ec2, thing: Tagged): { place: string; machine?: string } {
  const machine = tagsOf(thing)[TAG_MACHINE]
  return { place: ec2.region, ...(machine === undefined ? {} : { machine }) }
}

function ofStore(storeId: string) {
  return { Name: `tag:${TAG_STORE}`, Values: [storeId] }
}

async function instances(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const found = await describeWhere(ec2, [ofStore(storeId)])
  return found
    .filter(each => !['terminated', 'shutting-down'].includes(stateOf(each)))
    .map(each => ({
      kind: 'instance',
      id: each.InstanceId ?? '',
      ...base(ec2, each),
      detail: `${stateOf(each)}, ${each.InstanceType} since ${each.LaunchTime?.toISOString() ?? ''}`,
    }))
}

async function spotRequests(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const states = { Name: 'state', Values: ['open', 'active', 'disabled'] }
  const { SpotInstanceRequests = [] } = await ec2.call('DescribeSpotInstanceRequests', {
    Filters: [ofStore(storeId), states],
  })
  return SpotInstanceRequests.map(each => ({
    kind: 'spot request',
    id: each.SpotInstanceRequestId ?? '',
    ...base(ec2, each),
    ...(each.InstanceId ? { instance: each.InstanceId } : {}),
    detail: `${each.State}${each.InstanceId ? `, of ${each.InstanceId}` : ''}`,
  }))
}

async function volumes(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const { Volumes = [] } = await ec2.call('DescribeVolumes', {
    Filters: [ofStore(storeId), { Name: 'status', Values: ['available'] }],
  })
  return Volumes.filter(each => tagsOf(each)[TAG_KEPT] === undefined).map(each => ({
    kind: 'volume',
    id: each.VolumeId ?? '',
    ...base(ec2, each),
    detail: `${each.Size} GB since ${each.CreateTime?.toISOString() ?? ''}`,
  }))
}

async function keyPairs(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const { KeyPairs = [] } = await ec2.call('DescribeKeyPairs', { Filters: [ofStore(storeId)] })
  return KeyPairs.map(each => ({ kind: 'key pair', id: each.KeyName ?? '', ...base(ec2, each) }))
}

async function groups(ec2: Ec2, storeId: string): Promise<Ec2Marked[]> {
  const found = await groupsOfStore(ec2, storeId)
  return found.map(({ id, name }) => ({ kind: 'security group', id, place: ec2.region, name, detail: name }))
}
