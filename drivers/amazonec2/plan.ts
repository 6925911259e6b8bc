/** What a create will do, found out by looking alone: image, network, groups, who may reach it. */
import { MachineError, UsageError } from '../../src/errors.ts'
import type { OwnKey } from '../cloud/own-key.ts'
import type { Ctx } from '../driver.ts'
import { allowedRanges, type Ranges } from './allow-cidr.ts'
import { connect, type Ec2 } from './api.ts'
import type { Ec2Config } from './flags.ts'
import { checkFits, givenImage, type Image, newestImage } from './images.ts'
import { describeTypes, type InstanceType } from './instance-types.ts'
import { checkPair, readOwnKey } from './key-pair.ts'
import { findNetwork, type Network, type Subnet } from './network.ts'
import { type FoundGroups, findGroups } from './security-group.ts'
import { DEFAULT_FAMILY, DEFAULT_TYPE, readSettings, type Settings, SHARED_GROUP } from './settings.ts'
import { readTemplate, type Template } from './template.ts'
import { userDataFor } from './user-data.ts'

/** One way to launch; the first that EC2 has room for is taken. */
export interface Candidate {
  readonly type: InstanceType
  readonly image: Image
  readonly subnet: Subnet
}

export interface Plan {
  readonly settings: Settings
  readonly template: Template | undefined
  readonly network: Network
  /** In the order to try. */
  readonly candidates: readonly [Candidate, ...Candidate[]]
  /** Names or ids. */
  readonly groupNames: readonly string[]
  readonly groups: FoundGroups
  /** Who reaches SSH and the engine; undefined: it is not known, and no group of ours needs it. */
  readonly ranges: Ranges | undefined
  /** Base64. */
  readonly userData: string | undefined
  readonly ownKey: OwnKey | undefined
}

/**
 * Plans by the settings they are for, so that `create` need not look again at what `preflight` has just seen, and ten
 * machines made at once look once. It is a cache: without it the same is asked twice.
 */
const plans = new WeakMap<Ec2Config, Promise<Plan>>()

/** The plan for these settings; changes nothing at EC2. */
export async function planFor(config: Ec2Config, ctx: Ctx): Promise<Plan> {
  const known = plans.get(config)
  if (known) return await known
  const plan = makePlan(readSettings(config), ctx)
  plans.set(config, plan)
  plan.catch(() => plans.delete(config))
  return await plan
}

async function makePlan(settings: Settings, ctx: Ctx): Promise<Plan> {
  const ownKey = settings.key.path === undefined ? undefined : await readOwnKey(settings.key.path, ctx.env)
  const ec2 = await connect(settings.access, ctx)
  const template = settings.template && (await readTemplate(ec2, settings.template))
  const [network, types, userData] = await Promise.all([
    findNetwork(ec2, {
      vpcId: settings.vpcId,
      subnetId: settings.subnetId ?? template?.subnetId,
      zones: settings.zones,
      ipv6: settings.ipv6.count > 0,
      ipv6Only: settings.ipv6.only,
    }),
    describeTypes(ec2, settings.types ?? [template?.type ?? DEFAULT_TYPE]),
    userDataFor({ file: settings.userDataFile, sshPort: settings.ssh.port }, template?.userData),
    settings.key.pair && ownKey && checkPair(ec2, settings.key.pair, ownKey),
  ])
  for (const type of types) refuseUnable(type, settings)
  if (template?.plainGroups && settings.privateOnly)
    throw new UsageError(
      `launch template ${settings.template?.name} names its groups beside its interfaces, so --amazonec2-private-address-only cannot be said with it`,
      ['say it in the template, or put its groups into an interface there'],
    )
  const groupNames = settings.groups ?? template?.groupIds ?? [SHARED_GROUP]
  const [images, groups, ranges] = await Promise.all([
    imagesFor(ec2, types, settings, template),
    findGroups(ec2, groupNames, network.vpcId),
    rangesFor(settings, network, ctx),
  ])
  refuseMissing(groups, settings, network)
  const candidates = types.flatMap(type => {
    const image = images.get(type.name)
    return image ? network.subnets.map(subnet => ({ type, image, subnet })) : []
  })
  const [first, ...others] = candidates
  if (first === undefined)
    throw new MachineError('EC2_NOTHING', 'there is no instance type, image and subnet to launch with')
  return { settings, template, network, candidates: [first, ...others], groupNames, groups, ranges, userData, ownKey }
}

async function imagesFor(
  ec2: Ec2,
  types: readonly InstanceType[],
  { image, root }: Settings,
  template: Template | undefined,
): Promise<Map<string, Image>> {
  const given = image && 'id' in image ? image.id : image ? undefined : template?.imageId
  const family = image && 'family' in image ? image.family : DEFAULT_FAMILY
  const one = given === undefined ? undefined : givenImage(ec2, given)
  const byCpu = new Map<string, Promise<Image>>()
  const images = new Map<string, Image>()
  for (const { name, cpus } of types) {
    const cpu = cpus[0] ?? 'x86_64'
    const found = one ?? byCpu.get(cpu) ?? newestImage(ec2, family, cpu)
    byCpu.set(cpu, found)
    const its = await found
    checkFits(its, { cpu: cpus, type: name, rootSizeGb: root.sizeGb })
    images.set(name, its)
  }
  return images
}

/** Where no group is ours to change, not knowing from where we come keeps nobody out. */
async function rangesFor(s: Settings, network: Network, ctx: Ctx): Promise<Ranges | undefined> {
  const asked = allowedRanges(
    {
      words: s.allow,
      checkUrl: s.checkUrl,
      privateOnly: s.privateOnly || s.usePrivate,
      vpcRanges: network.ranges,
      ipv6Only: s.ipv6.only,
    },
    ctx,
  )
  return s.groupsReadonly ? await asked.catch(() => undefined) : await asked
}

function refuseUnable(type: InstanceType, s: Settings): void {
  const not = (what: string) => new UsageError(`instance type ${type.name} ${what}`)
  if (s.spot && !type.spot) throw not('cannot be had as a spot instance')
  if (s.credits && !type.burstable) throw not('has no CPU credits for --amazonec2-credit-specification')
  if (s.ipv6.count > 0 && !type.ipv6) throw not('has no IPv6')
  if (s.ebsOptimised && type.ebsOptimised === 'unsupported') throw not('cannot be EBS-optimised')
  if (s.ipv6.primary && !type.nitro) throw not('has no primary IPv6 address: that needs a type of the Nitro system')
}

function refuseMissing({ missing }: FoundGroups, s: Settings, network: Network): void {
  if (missing.length === 0 || !s.groupsReadonly) return
  throw new MachineError(
    'EC2_NO_GROUP',
    `there is no security group ${missing.join(', ')} in VPC ${network.vpcId}, and --amazonec2-security-group-readonly says to make none`,
    { hints: ['name groups that are there with --amazonec2-security-group, or let this one be made'] },
  )
}
