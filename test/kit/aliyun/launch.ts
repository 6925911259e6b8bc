/** RunInstances and CreateInstance. */
import { randomBytes } from 'node:crypto'
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { checkAccount } from './account.ts'
import { makeDeeds } from './deeds.ts'
import { noStock } from './faults.ts'
import { keyPairOf } from './handlers/key-pairs.ts'
import { imageOf } from './images.ts'
import { findPlace, freeAddress, type Place } from './launch-place.ts'
import { checkFit, checkParameters, dataCategory, typeOf } from './launch-rules.ts'
import { readTags } from './lists.ts'
import type { CloudImage, InstanceType } from './offers.ts'
import { Life } from './states.ts'
import { DEFAULT_GROUP } from './vpc-view.ts'
import { type Ask, type Effect, type Instance, newId, type World } from './world.ts'

interface Plan {
  readonly asked: Data
  readonly type: InstanceType
  readonly image: CloudImage
  readonly place: Place
  readonly publicKey: string | undefined
}

/** All that can be refused. */
function plan(ask: Ask, world: World): Plan {
  const { parameters: p, region } = ask
  checkParameters(p)
  const type = typeOf(p)
  const image = imageOf(p)
  checkFit(p, type, image)
  const place = findPlace(p, region, world)
  const publicKey = p.KeyPairName === undefined ? undefined : keyPairOf(p.KeyPairName, region, world).publicKey
  if (p.RamRoleName !== undefined)
    refuseUnless(
      world.roles.has(String(p.RamRoleName)),
      'InvalidRamRole.NotFound',
      'The specified RamRoleName does not exist.',
      404,
    )
  readTags(p.Tag)
  const spot = (p.SpotStrategy ?? 'NoSpot') !== 'NoSpot'
  ask.aims = { zone: place.vswitch.zone, type: type.id, spot }
  if (p.SpotStrategy === 'SpotWithPriceLimit' && Number(p.SpotPriceLimit) < type.spotPrice)
    throw new Problem(
      'InvalidSpotPriceLimit.LowerThanPublicPrice',
      `The specified parameter "SpotPriceLimit" can't be lower than the current public price ${type.spotPrice}.`,
    )
  checkAccount(world)
  const used = [...world.instances.values()]
    .filter(i => i.region === region && i.life.goneAt === undefined)
    .reduce((sum, i) => sum + i.type.cpus, 0)
  refuseUnless(
    used + type.cpus * Number(p.Amount ?? 1) <= world.quotas.vcpus,
    'QuotaExceed.ElasticQuota',
    'The number of vCPUs exceeds the quota of this region.',
    403,
  )
  if (!world.stock.has(place.vswitch.zone, type.id)) throw noStock()
  return { asked: p, type, image, place, publicKey }
}

function addDisks({ asked, type, image, place }: Plan, instanceId: string, region: string, world: World): void {
  const system = (asked.SystemDisk ?? {}) as Data
  const data = (asked.DataDisk ?? []) as Data[]
  const add = (kind: 'system' | 'data', about: Data, sizeGb: number, category: string, i: number) => {
    const id = newId('d')
    world.disks.set(id, {
      id,
      kind,
      region,
      sizeGb,
      instanceId,
      serial: id.slice(2),
      zone: place.vswitch.zone,
      madeAt: Date.now(),
      // The tags of an instance are those of its disks too.
      tags: readTags(asked.Tag),
      resourceGroupId: String(asked.ResourceGroupId ?? DEFAULT_GROUP),
      about: { ...about, Category: category },
      deleteWithInstance: about.DeleteWithInstance !== false,
      device: `/dev/xvd${'abcdefghijklmnopq'[i]}`,
    })
  }
  add('system', system, Number(system.Size ?? Math.max(40, image.sizeGb)), String(system.Category ?? type.disks[0]), 0)
  for (const [i, disk] of data.entries()) add('data', disk, Number(disk.Size), dataCategory(disk, type), i + 1)
}

/** `ubuntu-[1,4]`: the names of a series are not the kit's business; it numbers them from 001 where that is asked for. */
const nameOf = (given: string, n: number, { Amount: amount, UniqueSuffix: suffix }: Data) =>
  suffix === true && Number(amount ?? 1) > 1 ? `${given}${String(n + 1).padStart(3, '0')}` : given

function launchOne(plan: Plan, n: number, region: string, start: boolean, world: World): Instance {
  const { asked, place, publicKey } = plan
  const id = newId('i')
  const serial = id.replace('i-', '')
  const text = (name: string) => (asked[name] === undefined ? undefined : String(asked[name]))
  const instance: Instance = {
    id,
    region,
    life: undefined as unknown as Life, // below: its deeds need the instance
    asked,
    type: plan.type,
    image: plan.image,
    zone: place.vswitch.zone,
    vpcId: place.vswitch.vpcId,
    vswitchId: place.vswitch.id,
    interfaceId: newId('eni'),
    macAddress: `00:16:3e${[...randomBytes(3)].map(byte => `:${byte.toString(16).padStart(2, '0')}`).join('')}`,
    name: nameOf(text('InstanceName') ?? id, n, asked),
    description: text('Description') ?? '',
    hostName: nameOf(text('HostName') ?? `iZ${serial}Z`, n, asked).replace('${instance_id}', id),
    password: text('Password'),
    userData: text('UserData'),
    keyPair: text('KeyPairName'),
    groupIds: place.groupIds,
    isProtected: asked.DeletionProtection === true,
    httpTokens: text('HttpTokens') ?? 'optional',
    httpEndpoint: text('HttpEndpoint') ?? 'enabled',
    privateAddress: text('PrivateIpAddress') ?? freeAddress(place.vswitch, world),
    publicAddress: undefined,
    eip: undefined,
    stoppedMode: 'KeepCharging',
    lock: undefined,
    host: undefined,
    reboots: 0,
    misses: world.delays.instanceMisses,
    madeAt: Date.now(),
    tags: readTags(asked.Tag),
    resourceGroupId: text('ResourceGroupId') ?? DEFAULT_GROUP,
  }
  addDisks(plan, id, region, world)
  // CreateInstance gives no address, whatever the bandwidth: AllocatePublicIpAddress does.
  const wantsPublic = start && Number(asked.InternetMaxBandwidthOut ?? 0) > 0
  Object.assign(instance, { life: new Life(makeDeeds(instance, publicKey, wantsPublic, world), world.delays, start) })
  world.instances.set(id, instance)
  world.say(`launched ${id} (${plan.type.id}, ${plan.image.name}) in ${instance.zone}`)
  return instance
}

export function runInstances(ask: Ask, world: World): Effect {
  const planned = plan(ask, world)
  const count = Number(ask.parameters.Amount ?? 1)
  return () => {
    const ids = Array.from({ length: count }, (_, n) => launchOne(planned, n, ask.region, true, world).id)
    return { InstanceIdSets: { InstanceIdSet: ids }, TradePrice: 0.3 * count }
  }
}

export function createInstance(ask: Ask, world: World): Effect {
  const planned = plan(ask, world)
  return () => ({ InstanceId: launchOne(planned, 0, ask.region, false, world).id, TradePrice: 0.3 })
}
