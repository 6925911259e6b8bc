/** DescribeImages: in no order, deprecated ones only for who asks, and with all that moto does not know of an image. */
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { describeList, matchesFilters } from './describe.ts'
import { partitionOf } from './images.ts'
import type { Ask, Handler, Handlers, World } from './world.ts'

const describe: Handler = async (ask, world) => {
  const passes = matchesFilters(ask)
  const ids = (ask.parameters.ImageIds ?? []) as string[]
  const owners = (ask.parameters.Owners ?? []) as string[]
  for (const id of ids)
    refuseUnless(/^ami-[0-9a-f]{8,17}$/.test(id), 'InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`)
  const own = await ownImages(ask, world)
  const all = [...publicImages(ask.region, world), ...own]
  for (const id of ids)
    refuseUnless(
      all.some(image => image.ImageId === id),
      'InvalidAMIID.NotFound',
      `The image id '[${id}]' does not exist`,
    )
  const old = (image: Data) =>
    image.DeprecationTime !== undefined &&
    Date.parse(String(image.DeprecationTime)) < Date.now() &&
    !own.includes(image)
  const found = all.filter(image => {
    if (ids.length > 0 && !ids.includes(String(image.ImageId))) return false
    if (ids.length === 0 && ask.parameters.IncludeDeprecated !== true && old(image)) return false
    if (
      owners.length > 0 &&
      !owners.some(o => o === image.OwnerId || o === image.ImageOwnerAlias || (o === 'self' && own.includes(image)))
    )
      return false
    return passes(image)
  })
  return async () => describeList('Images', found, ask)
}

function publicImages(region: string, world: World): Data[] {
  const partition = partitionOf(region)
  return world.images
    .filter(image => image.partition === partition)
    .map(({ partition: _, user: __, sizeGb: ___, ...image }) => image as unknown as Data)
}

async function ownImages(ask: Ask, world: World): Promise<Data[]> {
  return (await world.moto.call<{ Images?: Data[] }>(ask.region, 'DescribeImages', { Owners: ['self'] })).Images ?? []
}

export const imageHandlers: Handlers = { DescribeImages: describe }
