/** Parameters of the actions on EIPs and routes, as VPC 2016-04-28 and ECS 2014-05-26 have them; network.ts cites the pages. */
import {
  bool,
  bools,
  clientToken,
  filters,
  group,
  id,
  int,
  intText,
  like,
  list,
  need,
  oneOf,
  type Parameters,
  region,
  tagFilter,
  tags,
  text,
  texts,
} from '../kinds.ts'
import { chargeType, IPV4, payment } from './forms.ts'
import { about, block, manyPages, name, pages } from './network-forms.ts'

const hops = list(20, group({ NextHopId: text, NextHopType: text, Weight: int(0, 255) }))

const EIP: Parameters = {
  ...region,
  ActivityId: int(),
  Bandwidth: intText(1, 500),
  ClientToken: clientToken,
  ISP: oneOf('BGP', 'BGP_PRO', 'ChinaTelecom', 'ChinaUnicom', 'ChinaMobile', 'BGP_FinanceCloud'),
  InternetChargeType: chargeType,
}
const TARGETS = oneOf('Nat', 'SlbInstance', 'EcsInstance', 'NetworkInterface', 'HaVip', 'IpAddress')
const ASSOCIATION: Parameters = {
  RegionId: text,
  AllocationId: need(id('eip')),
  InstanceId: need(text),
  InstanceType: TARGETS,
}
const EIPS: Parameters = {
  ...region,
  ...manyPages,
  AllocationId: text,
  AssociatedInstanceId: text,
  AssociatedInstanceType: TARGETS,
  ChargeType: payment,
  EipAddress: like(IPV4),
  Filter: filters,
  ISP: text,
  LockReason: text,
  Status: oneOf('Associating', 'Unassociating', 'InUse', 'Available', 'Releasing'),
}
const ROUTE_TABLES: Parameters = {
  ...region,
  ...pages,
  ...texts('RouteTableId RouteTableName RouterId VRouterId'),
  RouterType: oneOf('VRouter', 'VBR'),
}
const NEXT_HOP = oneOf(
  ...'Instance HaVip RouterInterface NetworkInterface VpnGateway IPv6Gateway NatGateway Attachment VpcPeer Ipv4Gateway'.split(
    ' ',
  ),
  ...'GatewayEndpoint Ecr GatewayLoadBalancerEndpoint Tunnel'.split(' '),
)
const ROUTE: Parameters = {
  ClientToken: clientToken,
  DestinationCidrBlock: need(block),
  NextHopId: text,
  NextHopList: hops,
  NextHopType: NEXT_HOP,
  RegionId: text,
  RouteTableId: need(id('vtb')),
}
export const oldAddresses: Record<string, Parameters> = {
  AllocateEipAddress: EIP,
  AssociateEipAddress: { ...ASSOCIATION },
  UnassociateEipAddress: { ...ASSOCIATION },
  ReleaseEipAddress: { AllocationId: need(id('eip')), RegionId: text },
  DescribeEipAddresses: EIPS,
  DescribeRouteTables: ROUTE_TABLES,
  CreateRouteEntry: ROUTE,
  DeleteRouteEntry: {
    RouteTableId: need(id('vtb')),
    DestinationCidrBlock: need(block),
    NextHopId: text,
    NextHopList: hops,
    RegionId: text,
  },
}

export const addresses: Record<string, Parameters> = {
  AllocateEipAddress: {
    ...EIP,
    ...texts('InstanceId IpAddress PublicIpAddressPoolId ResourceGroupId Zone'),
    AutoPay: bool,
    Description: like(/^(?!https?:\/\/).{0,256}$/s),
    InstanceChargeType: payment,
    Name: like(/^(?!https?:\/\/).{0,128}$/),
    Netmode: oneOf('public'),
    Period: int(1, 9),
    PricingCycle: oneOf('Month', 'Year'),
    SecurityProtectionTypes: list(10, oneOf('AntiDDoS_Enhanced')),
    Tag: tags,
  },
  AssociateEipAddress: {
    ...ASSOCIATION,
    ...texts('InstanceRegionId VpcId'),
    ClientToken: clientToken,
    Mode: oneOf('NAT', 'MULTI_BINDED', 'BINDED'),
    PrivateIpAddress: like(IPV4),
  },
  UnassociateEipAddress: {
    ...ASSOCIATION,
    InstanceId: text,
    ClientToken: clientToken,
    Force: bool,
    PrivateIpAddress: like(IPV4),
  },
  ReleaseEipAddress: { AllocationId: need(id('eip')), RegionId: text },
  DescribeEipAddresses: {
    ...EIPS,
    ...texts('EipName PublicIpAddressPoolId ResourceGroupId SegmentInstanceId'),
    ...bools('DryRun IncludeReservationData SecurityProtectionEnabled ServiceManaged'),
    Tag: tagFilter,
  },
  DescribeRouteTables: { ...ROUTE_TABLES, ...texts('ResourceGroupId Type') },
  DescribeRouteTableList: {
    ...ROUTE_TABLES,
    ...texts('ResourceGroupId RouteTableType'),
    VpcId: id('vpc'),
    Tag: tagFilter,
  },
  DescribeRouteEntryList: {
    ...region,
    RouteTableId: need(id('vtb')),
    ...texts('DestinationCidrBlock NextHopId NextHopType NextToken RouteEntryId RouteEntryName ServiceType'),
    DestCidrBlockList: list(100),
    IpVersion: oneOf('ipv4', 'ipv6'),
    MaxResult: int(1, 500),
    RouteEntryType: text,
  },
  CreateRouteEntry: { ...ROUTE, Description: about, DryRun: bool, RouteEntryName: name },
  DeleteRouteEntry: {
    ...texts('NextHopId RegionId RouteEntryId'),
    RouteTableId: id('vtb'),
    DestinationCidrBlock: block,
    DryRun: bool,
    NextHopList: hops,
  },
}
