/** What a create will do, found out by looking alone: types, image, network, group, who may reach it. */
import { CHECK_SERVICES } from '../../provisioning/mirrors.ts'
import { MachineError } from '../../src/errors.ts'
import { allowedRanges, type Ranges } from '../cloud/allow-cidr.ts'
import type { OwnKey } from '../cloud/own-key.ts'
import { userDataFor } from '../cloud/user-data-file.ts'
import type { Ctx } from '../driver.ts'
import { connect, type Ecs } from './api.ts'
import type { EcsConfig } from './flags.ts'
import { checkFits, givenImage, type Image, newestImage } from './images.ts'
import { describeTypes, type InstanceType } from './instance-types.ts'
import { checkPair, ownKeyOf } from './key-pair.ts'
import { findNetwork, type Network, type Place } from './network.ts'
import { findGroup, type Group } from './security-group.ts'
import { DRIVER, readSettings, type Settings } from './settings.ts'
import { findLoadBalancer } from './slb.ts'

/** ECS's limit of user data, before base64. */
const MOST_USER_DATA = 32_768

/** One way to launch; the first that there is room for is taken. */
export interface Candidate {
  readonly type: InstanceType
  readonly image: Image
  readonly place: Place
}

export interface Plan {
  readonly settings: Settings
  readonly network: Network
  /** In the order to try. */
  readonly candidates: readonly [Candidate, ...Candidate[]]
  /** Undefined: it is made. */
  readonly group: Group | undefined
  /** Who reaches SSH and the engine. */
  readonly ranges: Ranges
  /** Base64. */
  readonly userData: string | undefined
  readonly ownKey: OwnKey | undefined
  /** Address of the load balancer; '' without one. */
  readonly slbAddress: string
}

/**
 * Plans by the settings they are for, so that `create` need not look again at what `preflight` has just seen. It is a
 * cache: without it the same is asked twice.
 */
const plans = new WeakMap<EcsConfig, Promise<Plan>>()

/** The plan for these settings; changes nothing. `anew`: what was planned is no longer so. */
export async function planFor(config: EcsConfig, ctx: Ctx, { anew = false } = {}): Promise<Plan> {
  const known = anew ? undefined : plans.get(config)
  if (known) return await known
  const plan = makePlan(readSettings(config), ctx)
  plans.set(config, plan)
  plan.catch(() => plans.delete(config))
  return await plan
}

async function makePlan(settings: Settings, ctx: Ctx): Promise<Plan> {
  const ownKey = await ownKeyOf(settings, ctx.env)
  const ecs = await connect(settings.access, ctx)
  const types = await describeTypes(ecs, settings)
  const [images, network, userData, slbAddress] = await Promise.all([
    imagesFor(ecs, types, settings),
    findNetwork(ecs, settings, types, ctx.storeId),
    userDataFor({
      file: settings.userDataFile,
      sshPort: settings.ssh.port,
      cloud: 'ECS',
      mostBytes: MOST_USER_DATA,
      flag: '--aliyunecs-userdata or MACHINE_ALIYUNECS_USERDATA',
    }),
    findLoadBalancer(ecs, settings.slbId),
    settings.key.pair && ownKey && checkPair(ecs, settings.key.pair, ownKey),
  ])
  const [group, ranges] = await Promise.all([
    network.vpcId === undefined ? undefined : findGroup(ecs, settings.group, network.vpcId),
    rangesFor(settings, network, ctx),
  ])
  const candidates = types.flatMap(type => {
    const image = images.get(type.cpu)
    return image ? network.places.map(place => ({ type, image, place })) : []
  })
  const [first, ...others] = candidates
  if (first === undefined)
    throw new MachineError('ECS_NOTHING', 'there is no instance type, image and zone to launch with')
  return { settings, network, candidates: [first, ...others], group, ranges, userData, ownKey, slbAddress }
}

async function imagesFor(ecs: Ecs, types: readonly InstanceType[], s: Settings): Promise<Map<string, Image>> {
  const { image, systemDisk } = s
  const images = new Map<string, Image>()
  const given = 'id' in image ? await givenImage(ecs, image.id) : undefined
  for (const { name, cpu } of types) {
    const its = given ?? images.get(cpu) ?? ('family' in image ? await newestImage(ecs, image.family, cpu) : undefined)
    if (!its) continue
    checkFits(its, { cpu, type: name, diskGb: systemDisk.sizeGb })
    images.set(cpu, its)
  }
  return images
}

async function rangesFor(s: Settings, network: Network, ctx: Ctx): Promise<Ranges> {
  const url = s.checkUrl || ctx.env.MACHINE_ALIYUNECS_CHECK_URL
  return await allowedRanges(
    {
      driver: DRIVER,
      words: s.allow,
      checkUrls: url ? { v4: url, v6: url } : CHECK_SERVICES,
      privateOnly: s.privateOnly,
      networkRanges: network.ranges,
    },
    ctx,
  )
}
