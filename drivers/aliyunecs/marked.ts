/** What carries the mark of a store, in one region. */
import type { Marked } from '../sweep.ts'
import type { Ecs } from './api.ts'
import type { TagSet } from './ecs-actions.ts'
import { eipsWhere } from './eip.ts'
import { vpcsOfStore, vSwitchesOfStore } from './make-network.ts'
import { allByNumber } from './pages.ts'
import { groupsOfStore } from './security-group.ts'
import { TAG_MACHINE, TAG_STORE, tagList, tagsOf } from './tags.ts'
import { describeWhere } from './waits.ts'

export interface EcsMarked extends Marked {
  readonly kind: 'instance' | 'elastic address' | 'key pair' | 'security group' | 'vSwitch' | 'VPC'
  /** Of a security group. */
  readonly name?: string
}

/** Everything of the store that is still there. Data disks go with their instance. */
export async function markedIn(ecs: Ecs, storeId: string): Promise<EcsMarked[]> {
  const Tag = tagList({ [TAG_STORE]: storeId })
  const kinds = await Promise.all([instances(ecs, Tag), eips(ecs, Tag), keyPairs(ecs, Tag), network(ecs, storeId)])
  return kinds.flat()
}

type TagFilter = ReturnType<typeof tagList>

function base(ecs: Ecs, thing: { Tags?: TagSet }): { place: string; machine?: string } {
  const machine = tagsOf(thing)[TAG_MACHINE]
  return { place: ecs.region, ...(machine === undefined ? {} : { machine }) }
}

async function instances(ecs: Ecs, Tag: TagFilter): Promise<EcsMarked[]> {
  return (await describeWhere(ecs, { Tag })).map(each => ({
    kind: 'instance',
    id: each.InstanceId ?? '',
    ...base(ecs, each),
    detail: `${(each.Status ?? '').toLowerCase()}, ${each.InstanceType} since ${each.CreationTime ?? ''}`,
  }))
}

async function eips(ecs: Ecs, Tag: TagFilter): Promise<EcsMarked[]> {
  return (await eipsWhere(ecs, { Tag })).map(each => ({
    kind: 'elastic address',
    id: each.AllocationId ?? '',
    ...base(ecs, each),
    detail: `${each.IpAddress} since ${each.AllocationTime ?? ''}`,
  }))
}

async function keyPairs(ecs: Ecs, Tag: TagFilter): Promise<EcsMarked[]> {
  const found = await allByNumber(ecs, 'DescribeKeyPairs', { Tag }, page => page.KeyPairs?.KeyPair, 50)
  return found.map(each => ({ kind: 'key pair', id: each.KeyPairName ?? '', ...base(ecs, each) }))
}

async function network(ecs: Ecs, storeId: string): Promise<EcsMarked[]> {
  const place = ecs.region
  const [groups, vSwitches, vpcs] = await Promise.all([
    groupsOfStore(ecs, storeId),
    vSwitchesOfStore(ecs, storeId),
    vpcsOfStore(ecs, storeId),
  ])
  return [
    ...groups.map(({ id, name }) => ({ kind: 'security group' as const, id, place, name, detail: name })),
    ...vSwitches.map(each => ({
      kind: 'vSwitch' as const,
      id: each.VSwitchId ?? '',
      place,
      detail: each.ZoneId ?? '',
    })),
    ...vpcs.map(each => ({ kind: 'VPC' as const, id: each.VpcId ?? '', place, detail: each.CidrBlock ?? '' })),
  ]
}
