/**
 * A machine with all that can be made at Alibaba Cloud, in an account without a network: VPC, vSwitch, group, route, elastic
 * address, data disk, a place at a load balancer. And the calls of its life: one more in the product is one more line here.
 */
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { Lane } from './cloud-lane.ts'

export type AliyunLane = Lane<AliyunCloud>
export const openLane = (): Promise<AliyunLane> => Lane.open(startAliyun({ delays: QUICK, defaultVpc: false }))

export const create = ({ cloud }: AliyunLane, ...more: string[]) => [
  ...['create', ...more, '-d', 'aliyunecs', '--aliyunecs-eip', '--aliyunecs-disk-size', '20'],
  ...['--aliyunecs-route-cidr', '10.200.0.0/24', '--aliyunecs-slb-id', cloud.slbId, 'crashed'],
]
export const RM = ['rm', '-y', 'crashed']

/** Of the pre-check; several are asked at once, so their order is no one's. */
const LOOKS = [
  'DescribeAvailableResource',
  'DescribeImageFromFamily',
  'DescribeInstanceTypes',
  'DescribeLoadBalancerAttribute',
  'DescribeVpcs',
]
export const PRECHECKED = LOOKS.length
const MAKES = [
  'ImportKeyPair',
  'CreateVpc',
  'DescribeVpcs',
  'CreateSecurityGroup',
  'DescribeSecurityGroups',
  'AuthorizeSecurityGroup',
  'CreateVSwitch',
  'DescribeVSwitches',
  'RunInstances',
  'DescribeInstances',
  'DescribeDisks',
  'DescribeRouteTableList',
  'CreateRouteEntry',
  'AllocateEipAddress',
  'DescribeEipAddresses',
  'AssociateEipAddress',
  'DescribeEipAddresses',
  'AddBackendServers',
  'DescribeInstances', // core's, which waits for a host that runs
]
export const CREATE_CALLS = [...LOOKS, ...MAKES]
export const RM_CALLS = [
  'DescribeInstances',
  'RemoveBackendServers',
  'DescribeRouteEntryList',
  'DeleteRouteEntry',
  'DescribeEipAddresses',
  'UnassociateEipAddress',
  'DescribeEipAddresses',
  'ReleaseEipAddress',
  'DescribeEipAddresses', // is it gone?
  'DeleteInstance',
  'DescribeInstances', // is it gone?
  'DescribeInstances', // really?
  'DeleteKeyPairs',
  'DescribeSecurityGroups',
  'DescribeInstances', // does any other use the group?
  'DeleteSecurityGroup',
  'DescribeVSwitches',
  'DescribeInstances', // does any other use the vSwitch?
  'DeleteVSwitch',
  'DescribeVpcs',
  'DeleteVpc',
]

/** The pre-check sorted, and what is asked twice in a row once: a state is asked for until it is reached. */
export function oncePolled(calls: readonly string[], prechecked = 0): string[] {
  const rest = calls.slice(prechecked)
  return [...calls.slice(0, prechecked).sort(), ...rest.filter((call, i) => call !== rest[i - 1])]
}
