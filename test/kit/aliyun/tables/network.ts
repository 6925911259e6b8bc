/**
 * Parameters of the actions on VPCs, vSwitches, EIPs and routes, which VPC 2016-04-28 has and, in an older form that is kept
 * running, ECS 2014-05-26 too: pages of the documentation stand in each entry.
 */
import {
  bool,
  bools,
  clientToken,
  id,
  int,
  list,
  need,
  type Parameters,
  region,
  table,
  tagFilter,
  tags,
  text,
  texts,
} from '../kinds.ts'
import { addresses, oldAddresses } from './addresses.ts'
import { about, block, name, pages } from './network-forms.ts'

/** What both versions have alike. */
const VPC: Parameters = {
  ...region,
  CidrBlock: block,
  ClientToken: clientToken,
  Description: about,
  UserCidr: text,
  VpcName: name,
}
const VPCS: Parameters = { ...region, ...pages, IsDefault: bool, VpcId: text }
const VSWITCH: Parameters = {
  ...region,
  CidrBlock: block,
  ClientToken: clientToken,
  Description: about,
  VSwitchName: name,
  VpcId: need(id('vpc')),
  ZoneId: need(text),
}
const VSWITCHES: Parameters = {
  ...region,
  ...pages,
  IsDefault: bool,
  VSwitchId: id('vsw'),
  VpcId: id('vpc'),
  ZoneId: text,
}
const ROUTERS: Parameters = { ...region, ...pages, VRouterId: text }

export const oldNetwork = table('Ecs', '2014-05-26', {
  CreateVpc: VPC,
  DescribeVpcs: VPCS,
  DeleteVpc: { VpcId: need(id('vpc')), RegionId: text },
  CreateVSwitch: { ...VSWITCH, CidrBlock: need(block) },
  DescribeVSwitches: VSWITCHES,
  DeleteVSwitch: { VSwitchId: need(id('vsw')), RegionId: text },
  DescribeVRouters: ROUTERS,
  ...oldAddresses,
})

export const network = table('Vpc', '2016-04-28', {
  CreateVpc: {
    ...VPC,
    ...bools('DryRun EnableDnsHostname EnableIpv6'),
    ...texts('Ipv4IpamPoolId Ipv6CidrBlock Ipv6IpamPoolId Ipv6Isp ResourceGroupId'),
    Ipv4CidrMask: int(8, 28),
    Ipv6CidrMask: int(56, 56),
    Tag: tags,
  },
  DescribeVpcs: {
    ...VPCS,
    ...texts('DhcpOptionsSetId ResourceGroupId VpcName'),
    ...bools('DryRun EnableIpv6'),
    VpcOwnerId: int(0, 2 ** 53),
    Tag: tagFilter,
  },
  DescribeVpcAttribute: { ...region, VpcId: need(id('vpc')), ...bools('DryRun IsDefault') },
  DeleteVpc: { VpcId: need(id('vpc')), RegionId: text, ClientToken: clientToken, ...bools('DryRun ForceDelete') },
  CreateVSwitch: {
    ...VSWITCH,
    CidrMask: int(16, 29),
    Ipv6CidrBlock: int(0, 255),
    Ipv6CidrMask: int(64, 64),
    Tag: tags,
    VpcIpv6CidrBlock: text,
  },
  DescribeVSwitches: {
    ...VSWITCHES,
    ...texts('ResourceGroupId RouteTableId VSwitchName'),
    ...bools('DryRun EnableIpv6'),
    // One of the region or the VPC says where to look.
    RegionId: text,
    Tag: tagFilter,
    VSwitchOwnerId: int(0, 2 ** 53),
  },
  DescribeVSwitchAttributes: { VSwitchId: need(id('vsw')), RegionId: text, DryRun: bool },
  DeleteVSwitch: { VSwitchId: need(id('vsw')), RegionId: text, DryRun: bool },
  CreateDefaultVpc: {
    ...region,
    ClientToken: clientToken,
    EnableIpv6: bool,
    ...texts('Ipv6CidrBlock ResourceGroupId'),
  },
  CreateDefaultVSwitch: { ...region, ZoneId: need(text), ClientToken: clientToken, Ipv6CidrBlock: int(0, 255) },
  DescribeVRouters: ROUTERS,
  ...addresses,
  TagResources: { ...region, ResourceType: need(text), ResourceId: need(list(50)), Tag: need(tags) },
  UnTagResources: { ...region, ResourceType: need(text), ResourceId: need(list(50)), All: bool, TagKey: list(20) },
  ListTagResources: {
    ...region,
    ResourceType: need(text),
    ResourceId: list(50),
    MaxResults: int(1, 50),
    NextToken: text,
    Tag: tagFilter,
  },
})
