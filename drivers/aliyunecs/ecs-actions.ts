/** ECS 2014-05-26 as far as it is used: requests whole, of answers what is read. Names are the API's. */

export interface Tag {
  readonly Key: string
  readonly Value: string
}
/** As ECS answers tags; VPC says Key and Value there, too. */
export interface TagSet {
  readonly Tag?: readonly { TagKey?: string; TagValue?: string; Key?: string; Value?: string }[]
}

export interface Disk {
  readonly Size?: number
  readonly Category?: string
  readonly PerformanceLevel?: string
  readonly Encrypted?: boolean
  readonly DiskName?: string
  readonly Description?: string
}

export interface RunInput {
  readonly DryRun?: boolean
  readonly ClientToken?: string
  readonly Amount?: number
  readonly InstanceName: string
  readonly Description?: string
  readonly ImageId: string
  readonly InstanceType: string
  readonly SecurityGroupId: string
  readonly VSwitchId: string
  readonly ZoneId?: string
  readonly KeyPairName?: string
  readonly UserData?: string
  readonly IoOptimized?: 'none' | 'optimized'
  readonly InternetChargeType?: string
  readonly InternetMaxBandwidthOut?: number
  readonly PrivateIpAddress?: string
  readonly RamRoleName?: string
  readonly ResourceGroupId?: string
  readonly HttpEndpoint?: string
  readonly HttpTokens?: string
  readonly SecurityEnhancementStrategy?: 'Active' | 'Deactive'
  readonly SpotStrategy?: 'SpotWithPriceLimit' | 'SpotAsPriceGo'
  readonly SpotPriceLimit?: string
  readonly SpotDuration?: number
  readonly SpotInterruptionBehavior?: 'Terminate' | 'Stop'
  readonly SystemDisk?: Disk
  readonly DataDisk?: readonly (Disk & { readonly DeleteWithInstance?: boolean })[]
  readonly ImageOptions?: { readonly LoginAsNonRoot: boolean }
  readonly Tag?: readonly Tag[]
}

export interface Addresses {
  readonly IpAddress?: readonly string[]
}
export interface SeenInstance {
  readonly InstanceId?: string
  readonly InstanceName?: string
  readonly InstanceType?: string
  readonly InstanceChargeType?: string
  readonly SpotStrategy?: string
  readonly Status?: string
  readonly ZoneId?: string
  readonly CreationTime?: string
  readonly InstanceNetworkType?: string
  readonly PublicIpAddress?: Addresses
  readonly InnerIpAddress?: Addresses
  readonly EipAddress?: { AllocationId?: string; IpAddress?: string }
  readonly VpcAttributes?: { VpcId?: string; VSwitchId?: string; PrivateIpAddress?: Addresses }
  readonly SecurityGroupIds?: { SecurityGroupId?: readonly string[] }
  readonly OperationLocks?: { LockReason?: readonly { LockReason?: string }[] }
  readonly Tags?: TagSet
}

export interface SeenImage {
  readonly ImageId?: string
  readonly ImageName?: string
  readonly Architecture?: string
  readonly CreationTime?: string
  readonly OSType?: string
  readonly Status?: string
  /** GB */
  readonly Size?: number
}

/** ECS writes all of these as it likes in letters: 'tcp' or 'TCP'. */
export interface SeenPermission {
  readonly Direction?: string
  readonly IpProtocol?: string
  /** '22/22' */
  readonly PortRange?: string
  readonly Policy?: string
  readonly SourceCidrIp?: string
  readonly Ipv6SourceCidrIp?: string
  readonly SourceGroupId?: string
  readonly SourcePrefixListId?: string
}

export interface SeenGroup {
  readonly SecurityGroupId?: string
  readonly SecurityGroupName?: string
  readonly VpcId?: string
  readonly CreationTime?: string
  readonly Tags?: TagSet
}

export interface Permission {
  readonly IpProtocol: string
  readonly PortRange: string
  readonly SourceCidrIp?: string
  readonly Ipv6SourceCidrIp?: string
  readonly SourceGroupId?: string
  readonly Policy: 'accept'
  readonly Priority: string
  readonly Description: string
}

/** Pages by token. */
export interface ByToken {
  readonly MaxResults?: number
  readonly NextToken?: string
}
/** Pages by number. */
export interface ByNumber {
  readonly PageNumber?: number
  readonly PageSize?: number
}
interface Total {
  TotalCount?: number
}
type Nothing = Readonly<Record<string, never>>
type None = unknown

export interface EcsActions {
  AuthorizeSecurityGroup: {
    in: { SecurityGroupId: string; Permissions: readonly Permission[]; ClientToken?: string }
    out: None
  }
  CreateSecurityGroup: {
    in: {
      SecurityGroupName: string
      Description?: string
      VpcId: string
      ResourceGroupId?: string
      ClientToken: string
      Tag?: readonly Tag[]
    }
    out: { SecurityGroupId?: string }
  }
  DeleteInstance: { in: { InstanceId: string; Force: boolean }; out: None }
  DeleteKeyPairs: { in: { KeyPairNames: string }; out: None }
  DeleteSecurityGroup: { in: { SecurityGroupId: string }; out: None }
  DescribeAvailableResource: {
    in: {
      DestinationResource: 'InstanceType'
      InstanceType: string
      IoOptimized?: 'none' | 'optimized'
      SpotStrategy?: string
    }
    out: {
      AvailableZones?: { AvailableZone?: readonly { ZoneId?: string; Status?: string; StatusCategory?: string }[] }
    }
  }
  DescribeDisks: {
    in: { InstanceId?: string; DiskType?: 'data'; Status?: string; Tag?: readonly Tag[] } & ByToken
    out: {
      NextToken?: string
      Disks?: { Disk?: readonly { DiskId?: string; SerialNumber?: string; Size?: number; Tags?: TagSet }[] }
    }
  }
  DescribeImageFromFamily: { in: { ImageFamily: string }; out: { Image?: SeenImage } }
  DescribeImages: {
    in: {
      ImageId?: string
      ImageOwnerAlias?: 'system'
      OSType?: 'linux'
      Architecture?: string
      Status?: 'Available'
    } & ByNumber
    out: { Images?: { Image?: readonly SeenImage[] } } & Total
  }
  DescribeInstanceTypes: {
    in: { InstanceTypes: readonly string[]; NextToken?: string }
    out: {
      NextToken?: string
      InstanceTypes?: { InstanceType?: readonly { InstanceTypeId?: string; CpuArchitecture?: string }[] }
    }
  }
  DescribeInstances: {
    in: { InstanceIds?: string; SecurityGroupId?: string; VSwitchId?: string; Tag?: readonly Tag[] } & ByToken
    out: { NextToken?: string; Instances?: { Instance?: readonly SeenInstance[] } }
  }
  DescribeKeyPairs: {
    in: { KeyPairName?: string; IncludePublicKey?: boolean; Tag?: readonly Tag[] } & ByNumber
    out: { KeyPairs?: { KeyPair?: readonly { KeyPairName?: string; PublicKey?: string; Tags?: TagSet }[] } } & Total
  }
  DescribeRegions: { in: Nothing; out: { Regions?: { Region?: readonly { RegionId?: string }[] } } }
  DescribeSecurityGroupAttribute: {
    in: { SecurityGroupId: string; Direction?: 'ingress' } & ByToken
    out: { NextToken?: string; Permissions?: { Permission?: readonly SeenPermission[] } }
  }
  DescribeSecurityGroups: {
    in: { VpcId?: string; SecurityGroupName?: string; SecurityGroupId?: string; Tag?: readonly Tag[] } & ByToken
    out: { NextToken?: string; SecurityGroups?: { SecurityGroup?: readonly SeenGroup[] } }
  }
  ImportKeyPair: {
    in: { KeyPairName: string; PublicKeyBody: string; ResourceGroupId?: string; Tag?: readonly Tag[] }
    out: None
  }
  ModifyInstanceSpec: {
    in: { InstanceId: string; InstanceType: string; DryRun?: boolean; ClientToken?: string }
    out: None
  }
  RebootInstance: { in: { InstanceId: string }; out: None }
  RunInstances: { in: RunInput; out: { InstanceIdSets?: { InstanceIdSet?: readonly string[] } } }
  StartInstance: { in: { InstanceId: string }; out: None }
  StopInstance: {
    in: { InstanceId: string; ForceStop?: boolean; StoppedMode?: 'KeepCharging' | 'StopCharging' }
    out: None
  }
  TagResources: {
    in: { ResourceType: 'instance'; ResourceId: readonly string[]; Tag: readonly Tag[] }
    out: None
  }
}
