/** Every action this driver calls, as data: whose API it is of, and what its request must carry. */
import type { EcsActions } from './ecs-actions.ts'
import type { SlbActions, StsActions, VpcActions } from './vpc-actions.ts'

type All = EcsActions & VpcActions & SlbActions & StsActions
export type Action = keyof All
/** What an action is asked with (`RegionId` is added where it belongs), and what of its answer is read. */
export type InputOf<A extends Action> = All[A]['in']
export type OutputOf<A extends Action> = All[A]['out']

export type Product = 'ecs' | 'vpc' | 'slb' | 'sts'
export const VERSIONS: Readonly<Record<Product, string>> = {
  ecs: '2014-05-26',
  vpc: '2016-04-28',
  slb: '2014-05-15',
  sts: '2015-04-01',
}

interface Spec {
  readonly product: Product
  /** It has a parameter RegionId. Others must not get one: the thing's own id says where it is. */
  readonly region: boolean
}

const ecs: Spec = { product: 'ecs', region: true }
const byId: Spec = { product: 'ecs', region: false }
const vpc: Spec = { product: 'vpc', region: true }
const slb: Spec = { product: 'slb', region: true }

export const ACTIONS: Readonly<Record<Action, Spec>> = {
  AuthorizeSecurityGroup: ecs,
  CreateSecurityGroup: ecs,
  DeleteInstance: byId,
  DeleteKeyPairs: ecs,
  DeleteSecurityGroup: ecs,
  DescribeAvailableResource: ecs,
  DescribeDisks: ecs,
  DescribeImageFromFamily: ecs,
  DescribeImages: ecs,
  DescribeInstanceTypes: byId,
  DescribeInstances: ecs,
  DescribeKeyPairs: ecs,
  DescribeRegions: byId,
  DescribeSecurityGroupAttribute: ecs,
  DescribeSecurityGroups: ecs,
  ImportKeyPair: ecs,
  ModifyInstanceSpec: byId,
  RebootInstance: byId,
  RunInstances: ecs,
  StartInstance: byId,
  StopInstance: byId,
  TagResources: ecs,

  AllocateEipAddress: vpc,
  AssociateEipAddress: vpc,
  CreateRouteEntry: vpc,
  CreateVSwitch: vpc,
  CreateVpc: vpc,
  DeleteRouteEntry: vpc,
  DeleteVSwitch: vpc,
  DeleteVpc: vpc,
  DescribeEipAddresses: vpc,
  DescribeRouteEntryList: vpc,
  DescribeRouteTableList: vpc,
  DescribeVSwitches: vpc,
  DescribeVpcs: vpc,
  ReleaseEipAddress: vpc,
  UnassociateEipAddress: vpc,

  AddBackendServers: slb,
  DescribeLoadBalancerAttribute: slb,
  RemoveBackendServers: slb,

  AssumeRole: { product: 'sts', region: false },
}
