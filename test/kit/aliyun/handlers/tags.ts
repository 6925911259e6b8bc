/** Tags, in the ways of ECS and of VPC, and in ECS' old one. */
import type { Data } from '../../cloud/data.ts'
import { refuseUnless } from '../../cloud/problem.ts'
import { isThere } from '../instance-view.ts'
import { byNumber, hasTags, readTags, wanted, within } from '../lists.ts'
import { found, invalid, missing } from '../problem.ts'
import type { Ask, Effect, Handlers, Tagged, World } from '../world.ts'

/** The things of a kind, by the word of each API. */
function kindOf(word: unknown, service: string, region: string, world: World): Map<string, Tagged> {
  const live = [...world.instances.values()].filter(i => isThere(i, world))
  const kinds: Readonly<Record<string, Iterable<Tagged>>> =
    service === 'ecs'
      ? {
          instance: live,
          disk: world.disks.values(),
          securitygroup: world.groups.values(),
          keypair: world.keyPairs.values(),
          eni: live.map(i => ({ ...i, id: i.interfaceId })),
        }
      : { vpc: world.vpcs.values(), vswitch: world.vswitches.values(), eip: world.eips.values(), routetable: [] }
  const things = kinds[String(word).toLowerCase()]
  if (!things) throw invalid('ResourceType', 'the kit has no such things', 'InvalidResourceType.NotFound')
  return new Map([...things].filter(thing => thing.region === region).map(thing => [thing.id, thing]))
}

function things({ service, parameters: p, region }: Ask, world: World): Tagged[] {
  const kind = kindOf(p.ResourceType, service, region, world)
  const ids = Array.isArray(p.ResourceId) ? p.ResourceId : [p.ResourceId]
  return ids.map(id =>
    found(kind.get(String(id)), 'InvalidResourceId.NotFound', 'The specified ResourceIds are not found.'),
  )
}

function tag(ask: Ask, world: World): Effect {
  const tags = readTags(ask.parameters.Tag)
  if (tags.size === 0) throw missing('Tag')
  const all = things(ask, world)
  for (const thing of all)
    refuseUnless(
      new Set([...thing.tags.keys(), ...tags.keys()]).size <= 20,
      'NumberExceed.Tags',
      'The maximum number of tags is exceeded.',
    )
  return () => {
    for (const thing of all) for (const [key, value] of tags) thing.tags.set(key, value)
    return {}
  }
}

function untag(ask: Ask, world: World): Effect {
  const { All: whole, TagKey: keys, Tag: pairs } = ask.parameters
  const all = things(ask, world)
  const names = [...((keys ?? []) as string[]), ...((pairs ?? []) as Data[]).map(pair => String(pair.Key))]
  return () => {
    for (const thing of all) {
      if (whole === true && names.length === 0) thing.tags.clear()
      for (const name of names) thing.tags.delete(name)
    }
    return {}
  }
}

function list({ service, parameters: p, region }: Ask, world: World): Effect {
  refuseUnless(
    wanted(p.ResourceId) !== undefined || p.Tag !== undefined || p.TagFilter !== undefined,
    'MissingParameter.TagOrResourceId',
    'At least one of ResourceId and Tag must be supplied.',
  )
  const all = [...kindOf(p.ResourceType, service, region, world).values()].filter(
    thing => within(p.ResourceId, thing.id) && hasTags(thing, p.Tag),
  )
  const resources = all.flatMap(({ id, tags }) =>
    [...tags].map(([TagKey, TagValue]) => ({ ResourceId: id, ResourceType: String(p.ResourceType), TagKey, TagValue })),
  )
  return () => ({ NextToken: '', TagResources: { TagResource: resources } })
}

export const tags: Handlers = {
  TagResources: tag,
  UntagResources: untag,
  UnTagResources: untag,
  ListTagResources: list,
  AddTags: tag,
  RemoveTags: untag,
  DescribeTags(ask, world) {
    const all = [...kindOf(ask.parameters.ResourceType ?? 'instance', 'ecs', ask.region, world).values()]
    const pairs = new Set(
      all
        .filter(thing => (ask.parameters.ResourceId ?? thing.id) === thing.id && hasTags(thing, ask.parameters.Tag))
        .flatMap(thing => [...thing.tags].map(pair => JSON.stringify(pair))),
    )
    const { page, about } = byNumber([...pairs], ask.parameters)
    const view = (pair: string) => {
      const [TagKey = '', TagValue = ''] = JSON.parse(pair) as string[]
      return { TagKey, TagValue }
    }
    return () => ({ ...about, Tags: { Tag: page.map(view) } })
  },
}
