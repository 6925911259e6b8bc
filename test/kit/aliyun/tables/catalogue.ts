/** Parameters of the actions that tell what there is to have: pages of the API's documentation stand in each entry. */
import {
  bool,
  bools,
  filters,
  int,
  ints,
  list,
  need,
  oneOf,
  pageNumber,
  pageSize,
  region,
  table,
  tagFilter,
  text,
  texts,
} from '../kinds.ts'
import * as forms from './forms.ts'

const RESOURCE = oneOf('Zone', 'IoOptimized', 'InstanceType', 'Network', 'ddh', 'SystemDisk', 'DataDisk')

export const catalogue = table('Ecs', '2014-05-26', {
  DescribeRegions: { ...texts('AcceptLanguage ResourceType'), InstanceChargeType: text },
  DescribeZones: {
    ...region,
    AcceptLanguage: text,
    InstanceChargeType: forms.payment,
    SpotStrategy: forms.spotStrategy,
    Verbose: bool,
  },
  DescribeInstanceTypes: {
    ...texts('CpuArchitecture GPUSpec InstanceCategory InstanceFamilyLevel InstanceTypeFamily LocalStorageCategory'),
    ...texts('NextToken NvmeSupport PhysicalProcessorModel'),
    ...ints('MaximumCpuCoreCount MinimumCpuCoreCount MaximumGPUAmount MinimumGPUAmount MinimumEniQuantity'),
    ...ints(
      'MinimumBaselineCredit MinimumDiskQuantity MinimumEniIpv6AddressQuantity MinimumEniPrivateIpAddressQuantity',
    ),
    ...ints('MinimumEriQuantity MinimumInitialCredit MinimumInstanceBandwidthRx MinimumInstanceBandwidthTx'),
    ...ints('MinimumInstancePpsRx MinimumInstancePpsTx MinimumLocalStorageAmount MinimumLocalStorageCapacity'),
    ...ints('MinimumPrimaryEniQueueNumber MinimumQueuePairNumber MinimumSecondaryEniQueueNumber'),
    ...texts('MaximumMemorySize MinimumMemorySize MaximumCpuSpeedFrequency MinimumCpuSpeedFrequency'),
    ...texts('MaximumCpuTurboFrequency MinimumCpuTurboFrequency'),
    AdditionalAttributes: list(10),
    CpuArchitectures: list(10),
    GpuSpecs: list(10),
    InstanceCategories: list(10),
    InstanceTypeFamilies: list(10),
    InstanceTypes: list(10),
    LocalStorageCategories: list(10),
    MaxResults: int(1, 1600),
    PhysicalProcessorModels: list(10),
  },
  DescribeAvailableResource: {
    ...region,
    DestinationResource: need(RESOURCE),
    ...texts('DataDiskCategory DedicatedHostId InstanceType ResourceType SystemDiskCategory ZoneId'),
    Cores: int(1),
    InstanceChargeType: forms.payment,
    IoOptimized: forms.ioOptimized,
    Memory: text,
    NetworkCategory: oneOf('vpc', 'classic'),
    Scope: text,
    SpotDuration: int(0, 6),
    SpotStrategy: forms.spotStrategy,
  },
  DescribeImages: {
    ...region,
    ...texts('ImageFamily ImageId ImageName ResourceGroupId SnapshotId Status InstanceType'),
    ...bools('DryRun IsPublic IsSupportCloudinit IsSupportIoOptimized ShowExpired'),
    ActionType: oneOf('CreateEcs', 'ChangeOS'),
    Architecture: oneOf('i386', 'x86_64', 'arm64'),
    Filter: filters,
    ImageOwnerAlias: oneOf('system', 'self', 'others', 'marketplace'),
    ImageOwnerId: int(0, 2 ** 53),
    OSType: oneOf('windows', 'linux'),
    PageNumber: pageNumber,
    PageSize: pageSize,
    Tag: tagFilter,
    Usage: oneOf('instance', 'none'),
  },
  DescribeImageFromFamily: { ...region, ImageFamily: need(text) },
  DescribeAccountAttributes: { ...region, AttributeName: list(20), ZoneId: text },
})

export const zonesOfVpc = table('Vpc', '2016-04-28', {
  DescribeRegions: texts('AcceptLanguage ProductType'),
  DescribeZones: { ...region, ...texts('AcceptLanguage ZoneType') },
})
