/** What is told of instances, and how one is found. */
import type { Data } from '../cloud/data.ts'
import { ecsTags } from './lists.ts'
import { familyOf } from './offers.ts'
import { found } from './problem.ts'
import { type Instance, isOld, minutes, type World } from './world.ts'

/** Whether it is there at all for whoever asks: not in its first moments, nor after its end. */
export const isThere = ({ madeAt, life }: Instance, { delays }: World) =>
  life.goneAt === undefined && isOld(madeAt, delays.instanceUnseen)

/** Throws as the API does for one that is not, not yet or no longer there, or in another region. */
export function instanceOf(id: unknown, world: World, region?: string): Instance {
  const instance = world.instances.get(String(id))
  const there = instance && isThere(instance, world) && (region === undefined || instance.region === region)
  return found(there ? instance : undefined, 'InvalidInstanceId.NotFound', 'The specified InstanceId does not exist.')
}

/** Those that a description shows: a new one may be missing from the first few. */
export function described(region: string, world: World): Instance[] {
  return [...world.instances.values()].filter(instance => {
    if (instance.region !== region || !isThere(instance, world)) return false
    if (instance.misses === 0) return true
    instance.misses -= 1
    return false
  })
}

const addresses = (address: string | undefined): Data => ({ IpAddress: address ? [address] : [] })

/** What DescribeInstanceAttribute and DescribeInstances have in common. */
function commonView(instance: Instance): Data {
  const { asked, eip } = instance
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    HostName: instance.hostName,
    Description: instance.description,
    Status: instance.life.state,
    RegionId: instance.region,
    ZoneId: instance.zone,
    ClusterId: '',
    ImageId: instance.image.id,
    InstanceType: instance.type.id,
    Cpu: instance.type.cpus,
    Memory: instance.type.memoryGb * 1024,
    SerialNumber: instance.interfaceId,
    InstanceNetworkType: 'vpc',
    InstanceChargeType: 'PostPaid',
    InternetChargeType: asked.InternetChargeType ?? 'PayByTraffic',
    InternetMaxBandwidthIn: asked.InternetMaxBandwidthIn ?? (asked.InternetMaxBandwidthOut ? 10 : 0),
    InternetMaxBandwidthOut: asked.InternetMaxBandwidthOut ?? 0,
    CreditSpecification: '',
    CreationTime: minutes(instance.madeAt),
    ExpiredTime: '2099-12-31T15:59Z',
    StoppedMode: instance.life.state === 'Stopped' ? instance.stoppedMode : 'Not-applicable',
    VlanId: '',
    SecurityGroupIds: { SecurityGroupId: instance.groupIds },
    PublicIpAddress: addresses(instance.publicAddress),
    InnerIpAddress: { IpAddress: [] },
    EipAddress: {
      AllocationId: eip?.id ?? '',
      IpAddress: eip?.address ?? '',
      InternetChargeType: eip ? (eip.about.InternetChargeType ?? 'PayByBandwidth') : '',
      ...(eip ? { Bandwidth: Number(eip.about.Bandwidth ?? 5), IsSupportUnassociate: true } : {}),
    },
    VpcAttributes: {
      VpcId: instance.vpcId,
      VSwitchId: instance.vswitchId,
      NatIpAddress: '',
      PrivateIpAddress: addresses(instance.privateAddress),
    },
    OperationLocks: { LockReason: instance.lock === undefined ? [] : [{ LockReason: instance.lock, LockMsg: '' }] },
    DedicatedHostAttribute: { DedicatedHostId: '', DedicatedHostName: '', DedicatedHostClusterId: '' },
  }
}

/** As DescribeInstanceAttribute says it; it has IoOptimized as a word. */
export const attributeView = (instance: Instance): Data => ({
  ...commonView(instance),
  IoOptimized: instance.asked.IoOptimized ?? 'optimized',
})

/** As DescribeInstances says it. */
export function instanceView(instance: Instance): Data {
  const { asked, image } = instance
  return {
    ...commonView(instance),
    IoOptimized: instance.asked.IoOptimized !== 'none',
    InstanceTypeFamily: familyOf(instance.type.id),
    KeyPairName: instance.keyPair ?? '',
    OSName: image.osName,
    OSNameEn: image.osName,
    OSType: image.windows ? 'windows' : 'linux',
    ResourceGroupId: instance.resourceGroupId,
    StartTime: minutes(instance.madeAt),
    AutoReleaseTime: asked.AutoReleaseTime ?? '',
    DeletionProtection: instance.isProtected,
    DeviceAvailable: true,
    Recyclable: false,
    SaleCycle: '',
    SpotStrategy: asked.SpotStrategy ?? 'NoSpot',
    SpotPriceLimit: asked.SpotPriceLimit ?? 0,
    SpotDuration: asked.SpotDuration ?? 1,
    SpotInterruptionBehavior: asked.SpotInterruptionBehavior ?? 'Terminate',
    GPUAmount: 0,
    GPUSpec: '',
    ISP: '',
    ImageOptions: { LoginAsNonRoot: (asked.ImageOptions as Data | undefined)?.LoginAsNonRoot === true },
    MetadataOptions: { HttpEndpoint: instance.httpEndpoint, HttpTokens: instance.httpTokens },
    NetworkInterfaces: {
      NetworkInterface: [
        {
          NetworkInterfaceId: instance.interfaceId,
          MacAddress: instance.macAddress,
          PrimaryIpAddress: instance.privateAddress,
          Type: 'Primary',
          PrivateIpSets: { PrivateIpSet: [{ PrivateIpAddress: instance.privateAddress, Primary: true }] },
        },
      ],
    },
    Tags: ecsTags(instance),
  }
}
