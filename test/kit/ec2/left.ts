/** What stands in the account and does not in a fresh one, asked from moto itself; spot requests moto does not have. */
import type { Data } from '../cloud/data.ts'
import type { Moto } from './moto.ts'
import type { World } from './world.ts'

/** Action, list in its answer, id, and words. */
const KINDS: readonly (readonly [string, string, string, string])[] = [
  ['DescribeVolumes', 'Volumes', 'VolumeId', 'volume'],
  ['DescribeNetworkInterfaces', 'NetworkInterfaces', 'NetworkInterfaceId', 'network-interface'],
  ['DescribeKeyPairs', 'KeyPairs', 'KeyName', 'key-pair'],
  ['DescribeSecurityGroups', 'SecurityGroups', 'GroupId', 'security-group'],
  ['DescribeAddresses', 'Addresses', 'PublicIp', 'address'],
  ['DescribeLaunchTemplates', 'LaunchTemplates', 'LaunchTemplateName', 'launch-template'],
  ['DescribeSubnets', 'Subnets', 'SubnetId', 'subnet'],
  ['DescribeVpcs', 'Vpcs', 'VpcId', 'vpc'],
  ['DescribeInternetGateways', 'InternetGateways', 'InternetGatewayId', 'internet-gateway'],
]

/** One line a thing: 'key-pair docker-machine-web'. */
export async function listThings(region: string, moto: Moto): Promise<string[]> {
  const lists = await Promise.all(
    KINDS.map(async ([action, list, id, word]) => {
      const answer = await moto.call<Data>(region, action)
      return ((answer[list] ?? []) as Data[]).map(
        thing => `${word} ${thing[id]}${thing.GroupName ? ` ${thing.GroupName}` : ''}`,
      )
    }),
  )
  return lists.flat()
}

/** Instances by moto's own word, and by ours where it takes its time. */
export async function listInstances(region: string, world: World): Promise<string[]> {
  const answer = await world.moto.call<{
    Reservations: { Instances: { InstanceId: string; State: { Name: string } }[] }[]
  }>(region, 'DescribeInstances')
  return answer.Reservations.flatMap(r => r.Instances)
    .map(({ InstanceId: id, State }) => ({
      id,
      state: State.Name === 'terminated' ? 'terminated' : (world.instances.get(id)?.life.state ?? State.Name),
    }))
    .filter(({ state }) => state !== 'terminated')
    .map(({ id, state }) => `instance ${id} ${state}`)
}

export function listSpots(region: string, world: World): string[] {
  return [...world.spots.values()].filter(s => s.region === region && s.open).map(s => `spot-request ${s.id}`)
}
