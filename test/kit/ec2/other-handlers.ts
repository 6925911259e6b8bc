/** What moto does, completed: tags, volumes, interfaces, account attributes. */
import type { NetworkInterface, Volume } from '@aws-sdk/client-ec2'
import type { Data } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { describeList } from './describe.ts'
import { addressed } from './instance-view.ts'
import { readOfferings } from './launch-place.ts'
import { checkTagList } from './launch-rules.ts'
import { type Ask, type Handlers, instanceOf, isOld, type World } from './world.ts'

/** Resources that are tagged must be there; moto tags what it has never seen. */
async function mustExist(ask: Ask, world: World): Promise<void> {
  for (const id of ask.parameters.Resources as string[]) {
    if (id.startsWith('i-')) instanceOf(id, ask.region, world)
    else if (id.startsWith('sir-'))
      refuseUnless(
        world.spots.has(id),
        'InvalidSpotInstanceRequestID.NotFound',
        `The spot instance request ID '${id}' does not exist`,
      )
    else if (id.startsWith('sg-')) {
      await world.moto.call(ask.region, 'DescribeSecurityGroups', { GroupIds: [id] })
      refuseUnless(
        isOld(id, world.delays.groupUnseen, world),
        'InvalidGroup.NotFound',
        `The security group '${id}' does not exist`,
      )
    } else if (id.startsWith('vol-')) await world.moto.call(ask.region, 'DescribeVolumes', { VolumeIds: [id] })
    else refuseUnless(/^[a-z]+-[0-9a-f]{8,17}$/.test(id), 'InvalidID', `The ID '${id}' is not valid`)
  }
}

export const otherHandlers: Handlers = {
  CreateTags: async (ask, world) => {
    const tags = ask.parameters.Tags as { Key?: string; Value?: string }[]
    refuseUnless(tags.length > 0, 'MissingParameter', 'The request must contain the parameter Tag')
    checkTagList(tags)
    await mustExist(ask, world)
    return () => world.moto.call(ask.region, ask.action, ask.parameters)
  },
  DescribeVolumes: (ask, world) => async () => {
    const answer = await world.moto.call<{ Volumes?: Volume[] }>(ask.region, ask.action, ask.parameters)
    const volumes = (answer.Volumes ?? []).map(volume => {
      const base = volume.VolumeType === 'gp3' ? { Iops: 3000, Throughput: 125 } : {}
      return { ...volume, ...base, ...world.volumes.get(volume.VolumeId ?? '') }
    })
    return { ...answer, Volumes: volumes as unknown as Data[] }
  },
  DescribeNetworkInterfaces: (ask, world) => async () => {
    const answer = await world.moto.call<{ NetworkInterfaces?: NetworkInterface[] }>(
      ask.region,
      ask.action,
      ask.parameters,
    )
    const owners = new Map([...world.instances.values()].map(each => [each.interfaceId, each]))
    const nics = (answer.NetworkInterfaces ?? []).map(nic => {
      const owner = owners.get(nic.NetworkInterfaceId ?? '')
      return owner ? addressed(nic, owner) : nic
    })
    return { ...answer, NetworkInterfaces: nics as unknown as Data[] }
  },
  DescribeInstanceTypeOfferings: (ask, world) => async () =>
    describeList(
      'InstanceTypeOfferings',
      (await readOfferings(ask.region, world, ask.parameters)) as unknown as Data[],
      ask,
    ),
  /** moto always says "none" of the default VPC. */
  DescribeAccountAttributes: (ask, world) => async () => {
    const names = (ask.parameters.AttributeNames ?? []) as string[]
    const { Vpcs: vpcs = [] } = await world.moto.call<{ Vpcs?: { VpcId: string }[] }>(ask.region, 'DescribeVpcs', {
      Filters: [{ Name: 'is-default', Values: ['true'] }],
    })
    const all = {
      'supported-platforms': 'VPC',
      'default-vpc': vpcs[0]?.VpcId ?? 'none',
      'max-instances': '20',
      'vpc-max-security-groups-per-interface': '5',
      'max-elastic-ips': '5',
      'vpc-max-elastic-ips': '5',
    }
    const chosen = Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name))
    return {
      AccountAttributes: chosen.map(([name, value]) => ({
        AttributeName: name,
        AttributeValues: [{ AttributeValue: value }],
      })),
    }
  },
}
