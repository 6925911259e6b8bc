/** VPC 2016-04-28, SLB 2014-05-15 and STS 2015-04-01 as far as they are used. Names are the APIs'. */
import type { ByNumber, Tag, TagSet } from './ecs-actions.ts'

export interface SeenVpc {
  readonly VpcId?: string
  readonly VpcName?: string
  readonly CidrBlock?: string
  readonly SecondaryCidrBlocks?: { SecondaryCidrBlock?: readonly string[] }
  readonly CreationTime?: string
  readonly IsDefault?: boolean
  readonly Status?: string
  readonly Tags?: TagSet
}
export interface SeenVSwitch {
  readonly VSwitchId?: string
  readonly VSwitchName?: string
  readonly VpcId?: string
  readonly ZoneId?: string
  readonly CidrBlock?: string
  readonly IsDefault?: boolean
  readonly Status?: string
  readonly AvailableIpAddressCount?: number
  readonly CreationTime?: string
  readonly Tags?: TagSet
}
export interface SeenEip {
  readonly AllocationId?: string
  readonly IpAddress?: string
  readonly Status?: string
  readonly InstanceId?: string
  readonly AllocationTime?: string
  readonly Tags?: TagSet
}
export interface SeenRoute {
  readonly RouteEntryId?: string
  readonly Description?: string
  readonly DestinationCidrBlock?: string
  readonly Status?: string
  readonly NextHops?: { NextHop?: readonly { NextHopId?: string; NextHopType?: string }[] }
}
interface Total {
  TotalCount?: number
}
type None = unknown

export interface VpcActions {
  AllocateEipAddress: {
    in: {
      Bandwidth: string
      InternetChargeType: string
      Name?: string
      ResourceGroupId?: string
      ClientToken: string
      Tag?: readonly Tag[]
    }
    out: { AllocationId?: string; EipAddress?: string }
  }
  AssociateEipAddress: {
    in: { AllocationId: string; InstanceId: string; InstanceType: 'EcsInstance'; ClientToken?: string }
    out: None
  }
  CreateRouteEntry: {
    in: {
      RouteTableId: string
      DestinationCidrBlock: string
      NextHopType: 'Instance'
      NextHopId: string
      Description?: string
      ClientToken: string
    }
    out: { RouteEntryId?: string }
  }
  CreateVSwitch: {
    in: {
      VpcId: string
      ZoneId: string
      CidrBlock: string
      VSwitchName: string
      Description?: string
      ClientToken: string
      Tag?: readonly Tag[]
    }
    out: { VSwitchId?: string }
  }
  CreateVpc: {
    in: {
      CidrBlock: string
      VpcName: string
      Description?: string
      ResourceGroupId?: string
      ClientToken: string
      Tag?: readonly Tag[]
    }
    out: { VpcId?: string }
  }
  DeleteRouteEntry: { in: { RouteTableId: string; DestinationCidrBlock: string; NextHopId: string }; out: None }
  DeleteVSwitch: { in: { VSwitchId: string }; out: None }
  DeleteVpc: { in: { VpcId: string }; out: None }
  DescribeEipAddresses: {
    in: {
      AllocationId?: string
      AssociatedInstanceId?: string
      AssociatedInstanceType?: 'EcsInstance'
      Tag?: readonly Tag[]
    } & ByNumber
    out: { EipAddresses?: { EipAddress?: readonly SeenEip[] } } & Total
  }
  DescribeRouteEntryList: {
    in: { RouteTableId: string; DestinationCidrBlock?: string; NextHopId?: string }
    out: { RouteEntrys?: { RouteEntry?: readonly SeenRoute[] } }
  }
  DescribeRouteTableList: {
    in: { VpcId: string } & ByNumber
    out: {
      RouterTableList?: { RouterTableListType?: readonly { RouteTableId?: string; RouteTableType?: string }[] }
    } & Total
  }
  DescribeVSwitches: {
    in: { VpcId?: string; VSwitchId?: string; Tag?: readonly Tag[] } & ByNumber
    out: { VSwitches?: { VSwitch?: readonly SeenVSwitch[] } } & Total
  }
  DescribeVpcs: {
    in: { VpcId?: string; IsDefault?: boolean; Tag?: readonly Tag[] } & ByNumber
    out: { Vpcs?: { Vpc?: readonly SeenVpc[] } } & Total
  }
  ReleaseEipAddress: { in: { AllocationId: string }; out: None }
  UnassociateEipAddress: { in: { AllocationId: string; InstanceId?: string; InstanceType?: 'EcsInstance' }; out: None }
}

export interface SlbActions {
  /** `BackendServers` is a JSON array in a string. */
  AddBackendServers: { in: { LoadBalancerId: string; BackendServers: string }; out: None }
  DescribeLoadBalancerAttribute: {
    in: { LoadBalancerId: string }
    out: { Address?: string; LoadBalancerStatus?: string }
  }
  RemoveBackendServers: { in: { LoadBalancerId: string; BackendServers: string }; out: None }
}

export interface StsActions {
  AssumeRole: {
    in: { RoleArn: string; RoleSessionName: string; DurationSeconds?: number; ExternalId?: string }
    out: {
      Credentials?: { AccessKeyId?: string; AccessKeySecret?: string; SecurityToken?: string; Expiration?: string }
    }
  }
}
