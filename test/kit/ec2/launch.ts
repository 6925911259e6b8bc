/** RunInstances. */
import { createHash } from 'node:crypto'
import type { Instance as Described, Tag } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { vcpuText } from './faults.ts'
import { partitionOf } from './images.ts'
import { makeDeeds } from './instance-deeds.ts'
import { describeInstance } from './instance-view.ts'
import { findPlace, type Place, readType, type TypeFacts } from './launch-place.ts'
import { drop, ipv6Count, motoRequest } from './launch-request.ts'
import { checkFit, checkParameters } from './launch-rules.ts'
import { mergeTemplate } from './launch-template.ts'
import { makeSpot, spotPriceOf } from './spot.ts'
import { Life } from './states.ts'
import type { Ask, Effect, Instance, Launch, World } from './world.ts'

export async function runInstances(ask: Ask, world: World): Promise<Effect> {
  const { ClientToken: token, ...rest } = ask.parameters as Launch
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...rest, DryRun: undefined }))
    .digest('hex')
  const key = `${ask.region} ${token}`
  const before = token === undefined ? undefined : world.tokens.get(key)
  if (before) {
    refuseUnless(
      before.digest === digest,
      'IdempotentParameterMismatch',
      'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
    )
    return () => again(before.answer, ask.region, world)
  }
  const asked = await mergeTemplate(ask, world)
  checkParameters(asked)
  const type = await readType(asked.InstanceType ?? 'm1.small', ask.region, world)
  const image = world.images.find(each => each.ImageId === asked.ImageId)
  await imageMustExist(asked.ImageId ?? '', ask.region, world)
  if (image) checkFit(asked, image, type)
  const place = await findPlace(asked, ask.region, world)
  ask.aims = place.aims
  checkIpv6(asked, place)
  await profileMustExist(asked.IamInstanceProfile, world)
  checkPrice(asked, type)
  checkQuota(type, place.aims.spot, ask.region, world)
  return () => {
    // Asked twice at once: the second waits for the first's answer.
    const racing = token === undefined ? undefined : world.tokens.get(key)
    if (racing) return again(racing.answer, ask.region, world)
    const answer = launch(asked, type, place, ask.region, world)
    if (token !== undefined) world.tokens.set(key, { digest, answer })
    answer.catch(() => world.tokens.delete(key))
    world.launching.add(answer)
    void answer.finally(() => world.launching.delete(answer)).catch(() => {}) // it is awaited by who asked
    return answer
  }
}

/** The same reservation, as it is by now. */
async function again(answer: Promise<Data>, region: string, world: World): Promise<Data> {
  const reservation = await answer
  const [first] = reservation.Instances as { InstanceId: string }[]
  return {
    ...reservation,
    Instances: [(await describeInstance(first?.InstanceId ?? '', region, world)) as unknown as Data],
  }
}

async function imageMustExist(id: string, region: string, world: World): Promise<void> {
  refuseUnless(/^ami-[0-9a-f]{8,17}$/.test(id), 'InvalidAMIID.Malformed', `Invalid id: "${id}" (expecting "ami-...")`)
  const own = world.images.find(image => image.ImageId === id)
  if (own && own.partition === partitionOf(region)) return
  const { Images: all = [] } = await world.moto.call<{ Images?: { ImageId: string }[] }>(region, 'DescribeImages', {
    Owners: ['self'],
  })
  refuseUnless(
    !own && all.some(image => image.ImageId === id),
    'InvalidAMIID.NotFound',
    `The image id '[${id}]' does not exist`,
  )
}

/** IAM is one for all regions. */
async function profileMustExist(profile: Launch['IamInstanceProfile'], world: World): Promise<void> {
  const name = profile?.Name ?? profile?.Arn?.split('/').pop()
  if (name === undefined) return
  const form = new URLSearchParams({ Action: 'GetInstanceProfile', Version: '2010-05-08', InstanceProfileName: name })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const found = await world.moto.forward('iam', 'us-east-1', { headers, body: form.toString() })
  const what = profile?.Name === undefined ? 'arn' : 'name'
  const words = what === 'name' ? 'Invalid IAM Instance Profile name' : 'Invalid IAM Instance Profile ARN'
  refuseUnless(
    found.ok,
    'InvalidParameterValue',
    `Value (${profile?.Name ?? profile?.Arn}) for parameter iamInstanceProfile.${what} is invalid. ${words}`,
  )
}

function checkIpv6(asked: Launch, { subnet }: Place): void {
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  const wants = ipv6Count(asked) > 0
  refuseUnless(
    !wants || (subnet.Ipv6CidrBlockAssociationSet ?? []).length > 0,
    'InvalidParameterValue',
    `IPv6 addresses cannot be assigned: the subnet '${subnet.SubnetId}' has no IPv6 CIDR block`,
  )
  refuseUnless(
    !subnet.Ipv6Native || primary?.AssociatePublicIpAddress !== true,
    'InvalidParameterCombination',
    `A public IPv4 address cannot be associated in the IPv6-only subnet '${subnet.SubnetId}'`,
  )
}

function checkPrice(asked: Launch, type: TypeFacts): void {
  const most = asked.InstanceMarketOptions?.SpotOptions?.MaxPrice
  const now = spotPriceOf(type.vcpus)
  if (most !== undefined && Number(most) < now)
    throw new Problem(
      'SpotMaxPriceTooLow',
      `Your Spot request price of ${most} is lower than the minimum required Spot request fulfillment price of ${now}.`,
    )
}

function checkQuota(type: TypeFacts, spot: boolean, region: string, { instances, quotas }: World): void {
  const limit = spot ? quotas.spotVcpus : quotas.vcpus
  const used = [...instances.values()]
    .filter(
      i => i.region === region && (i.spot !== undefined) === spot && /^(pending|running|stopping)$/.test(i.life.state),
    )
    .reduce((sum, i) => sum + i.vcpus, 0)
  if (used + type.vcpus <= limit) return
  throw spot
    ? new Problem('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded')
    : new Problem('VcpuLimitExceeded', vcpuText(limit))
}

async function launch(asked: Launch, type: TypeFacts, place: Place, region: string, world: World): Promise<Data> {
  const made = await world.moto.call<{ Instances: Described[] }>(
    region,
    'RunInstances',
    motoRequest(asked, place, region, world),
  )
  const [described] = made.Instances
  const id = described?.InstanceId ?? ''
  const nic = described?.NetworkInterfaces?.[0]
  const tagsOf = (resource: string) =>
    (asked.TagSpecifications ?? []).find(s => s.ResourceType === resource)?.Tags ?? []
  const tag = async (resource: string, tags: Tag[]) => {
    if (tags.length > 0) await world.moto.call(region, 'CreateTags', { Resources: [resource], Tags: tags })
  }
  await tag(nic?.NetworkInterfaceId ?? '', tagsOf('network-interface'))
  if (asked.DisableApiTermination)
    await world.moto.call(region, 'ModifyInstanceAttribute', { InstanceId: id, DisableApiTermination: { Value: true } })
  for (const { DeviceName: device, Ebs: ebs } of described?.BlockDeviceMappings ?? []) {
    const wish = asked.BlockDeviceMappings?.find(m => m.DeviceName === device)?.Ebs
    const extra = drop({ VolumeType: wish?.VolumeType, Iops: wish?.Iops, Throughput: wish?.Throughput })
    world.volumes.set(ebs?.VolumeId ?? '', extra as Data)
  }
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  const instance: Instance = {
    id,
    region,
    life: undefined as unknown as Life, // below: its deeds need the instance
    madeAt: Date.now(),
    asked,
    image: world.images.find(each => each.ImageId === asked.ImageId),
    vcpus: type.vcpus,
    subnetId: place.subnet.SubnetId ?? '',
    ipv4: !place.subnet.Ipv6Native,
    interfaceId: nic?.NetworkInterfaceId ?? '',
    privateAddress: described?.PrivateIpAddress ?? '',
    autoPublic: primary?.NetworkInterfaceId
      ? false
      : (primary?.AssociatePublicIpAddress ?? (place.subnet.MapPublicIpOnLaunch === true && !place.subnet.Ipv6Native)),
    protected: asked.DisableApiTermination === true,
    reboots: 0,
  }
  if (place.aims.spot) {
    instance.spot = makeSpot(instance, place.aims.zone, world)
    await tag(instance.spot.id, tagsOf('spot-instances-request'))
  }
  const deeds = await makeDeeds(instance, place.publicKey, world).catch(async error => {
    await world.moto.call(region, 'TerminateInstances', { InstanceIds: [id] })
    throw error
  })
  Object.assign(instance, { life: new Life(id, deeds, world.delays) })
  world.instances.set(id, instance)
  world.say(`launched ${id} (${place.aims.type}, ${instance.image?.Name ?? asked.ImageId}) in ${place.aims.zone}`)
  return { ...(made as unknown as Data), Instances: [(await describeInstance(id, region, world)) as unknown as Data] }
}
