/** The VPC and the vSwitches a machine may be launched into; what is missing is made at the launch (make-network.ts). */
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ranges } from '../cloud/allow-cidr.ts'
import type { Ecs } from './api.ts'
import { OUR_VPC_RANGE } from './free-range.ts'
import { type InstanceType, zonesWith } from './instance-types.ts'
import { allOfVpc } from './pages.ts'
import type { Settings } from './settings.ts'
import { TAG_STORE, tagsOf } from './tags.ts'
import type { SeenVpc, SeenVSwitch } from './vpc-actions.ts'

/** Where an instance may be put. */
export interface Place {
  readonly zone: string
  /** Undefined: one is made there. */
  readonly vSwitchId: string | undefined
}

export interface Network {
  /** Undefined: one is made. */
  readonly vpcId: string | undefined
  /** The VPC's own ranges. */
  readonly ranges: Ranges
  /** All that the VPC had when we looked. */
  readonly vSwitches: readonly SeenVSwitch[]
  /** In the order to try; never empty. */
  readonly places: readonly Place[]
}

/** Throws in words where there is none that fits, and none may be made. */
export async function findNetwork(
  ecs: Ecs,
  s: Settings,
  types: readonly InstanceType[],
  storeId: string,
): Promise<Network> {
  refuseForeignZones(s.zones, ecs.region)
  if (s.vSwitchId) return await networkOfVSwitch(ecs, s.vSwitchId, s)
  const vpc = await findVpc(ecs, s.vpcId, storeId)
  if (!vpc?.VpcId) {
    const zones = s.zones.length > 0 ? s.zones : await zonesFor(ecs, types, s)
    return { vpcId: undefined, ranges: { v4: [OUR_VPC_RANGE], v6: [] }, vSwitches: [], places: zones.map(unmade) }
  }
  const seen = await allOfVpc(ecs, 'DescribeVSwitches', { VpcId: vpc.VpcId }, page => page.VSwitches?.VSwitch)
  const usable = seen.filter(each => each.Status !== 'Pending' && (each.AvailableIpAddressCount ?? 1) > 0).sort(inOrder)
  const places =
    s.zones.length > 0
      ? s.zones.map(zone => usable.map(placeOf).find(place => place.zone === zone) ?? unmade(zone))
      : usable.length > 0
        ? firstOfEachZone(usable.map(placeOf))
        : (await zonesFor(ecs, types, s)).map(unmade)
  return { vpcId: vpc.VpcId, ranges: { v4: rangesOf(vpc), v6: [] }, vSwitches: seen, places }
}

/** Zones are called after their region: cn-hangzhou-b, ap-southeast-1a. */
function refuseForeignZones(zones: readonly string[], region: string): void {
  const foreign = zones.find(zone => !zone.startsWith(region))
  if (foreign !== undefined)
    throw new UsageError(`${foreign} is no zone of region ${region}`, [
      `check --aliyunecs-zone and --aliyunecs-region: \`aliyun ecs DescribeZones --RegionId ${region}\` lists zones`,
    ])
}

async function networkOfVSwitch(ecs: Ecs, VSwitchId: string, { vpcId, zones }: Settings): Promise<Network> {
  const { VSwitches } = await ecs.call('DescribeVSwitches', { VSwitchId })
  const vSwitch = VSwitches?.VSwitch?.[0]
  if (!vSwitch?.VpcId) throw missing('vSwitch', VSwitchId, ecs.region)
  if (vpcId && vpcId !== vSwitch.VpcId)
    throw new UsageError(`the vSwitch ${VSwitchId} is in VPC ${vSwitch.VpcId}, not in ${vpcId}`, [
      'leave --aliyunecs-vpc-id out',
    ])
  const place = placeOf(vSwitch)
  if (zones.length > 0 && !zones.includes(place.zone))
    throw new UsageError(`the vSwitch ${VSwitchId} is in zone ${place.zone}, not in ${zones.join(' or ')}`, [
      'leave one of --aliyunecs-zone and --aliyunecs-vswitch-id out',
    ])
  const vpc = await findVpc(ecs, vSwitch.VpcId, '')
  return { vpcId: vSwitch.VpcId, ranges: { v4: rangesOf(vpc ?? {}), v6: [] }, vSwitches: [vSwitch], places: [place] }
}

/** The one named; else the region's default one, else one this store made; undefined where there is none of these. */
async function findVpc(ecs: Ecs, id: string | undefined, storeId: string): Promise<SeenVpc | undefined> {
  const seen = await allOfVpc(ecs, 'DescribeVpcs', id ? { VpcId: id } : {}, page => page.Vpcs?.Vpc)
  if (id && !seen[0]) throw missing('VPC', id, ecs.region)
  return id ? seen[0] : (seen.find(vpc => vpc.IsDefault === true) ?? seen.filter(isOf(storeId)).sort(byAge)[0])
}

export function isOf(storeId: string): (thing: Parameters<typeof tagsOf>[0]) => boolean {
  return thing => tagsOf(thing)[TAG_STORE] === storeId
}

export function byAge(a: SeenVpc, b: SeenVpc): number {
  return (a.CreationTime ?? '').localeCompare(b.CreationTime ?? '') || (a.VpcId ?? '').localeCompare(b.VpcId ?? '')
}

/** Zones that have the first type that is to be had at all. */
async function zonesFor(ecs: Ecs, types: readonly InstanceType[], s: Settings): Promise<string[]> {
  for (const type of types) {
    const zones = await zonesWith(ecs, type, s)
    if (zones.length > 0) return zones
  }
  throw new MachineError(
    'ECS_CAPACITY',
    `no zone of ${ecs.region} has an instance of ${types.map(type => type.name).join(', ')} left`,
    { hints: ['name other types (--aliyunecs-instance-type a,b), or another region'] },
  )
}

function missing(what: 'VPC' | 'vSwitch', id: string, region: string): MachineError {
  const [flag, action] = what === 'VPC' ? ['vpc-id', 'DescribeVpcs'] : ['vswitch-id', 'DescribeVSwitches']
  return new MachineError('ECS_NOT_FOUND', `the ${what} ${id} is not there in region ${region}`, {
    hints: [`check --aliyunecs-${flag}: \`aliyun vpc ${action}\` lists those of the region`],
  })
}

function rangesOf({ CidrBlock, SecondaryCidrBlocks }: SeenVpc): string[] {
  return [...new Set([CidrBlock ?? '', ...(SecondaryCidrBlocks?.SecondaryCidrBlock ?? [])])].filter(
    range => range !== '',
  )
}

function unmade(zone: string): Place {
  return { zone, vSwitchId: undefined }
}

function placeOf({ ZoneId = '', VSwitchId }: SeenVSwitch): Place {
  return { zone: ZoneId, vSwitchId: VSwitchId }
}

function firstOfEachZone(places: readonly Place[]): Place[] {
  return places.filter((place, i) => places.findIndex(other => other.zone === place.zone) === i)
}

/** Default ones first, then those with most room; by zone where that is the same, so that the order is always one. */
function inOrder(a: SeenVSwitch, b: SeenVSwitch): number {
  const byDefault = Number(b.IsDefault ?? false) - Number(a.IsDefault ?? false)
  const byRoom = (b.AvailableIpAddressCount ?? 0) - (a.AvailableIpAddressCount ?? 0)
  return byDefault || byRoom || (a.ZoneId ?? '').localeCompare(b.ZoneId ?? '')
}
