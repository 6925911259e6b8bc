/** A launch as moto is asked for it. */
import { partitionOf } from './images.ts'
import type { Place } from './launch-place.ts'
import type { Launch, World } from './world.ts'

/** Everything said once, nothing left to moto's defaults. */
export function motoRequest(asked: Launch, place: Place, region: string, world: World): object {
  const { TagSpecifications: specs = [] } = asked
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  const image = world.images.find(each => each.ImageId === asked.ImageId)
  const root = image?.RootDeviceName ?? '/dev/sda1'
  const given = asked.BlockDeviceMappings ?? []
  const mappings = given.some(m => m.DeviceName === root) ? given : [{ DeviceName: root, Ebs: {} }, ...given]
  const nic = primary?.NetworkInterfaceId
    ? { DeviceIndex: 0, NetworkInterfaceId: primary.NetworkInterfaceId }
    : {
        DeviceIndex: 0,
        SubnetId: place.subnet.SubnetId,
        Groups: place.groups.map(group => group.GroupId),
        // Addresses of the world are ours to give.
        AssociatePublicIpAddress: false,
        DeleteOnTermination: primary?.DeleteOnTermination ?? true,
        Description: primary?.Description ?? '',
        PrivateIpAddress: primary?.PrivateIpAddress ?? asked.PrivateIpAddress,
      }
  return drop({
    ImageId: asked.ImageId,
    // Where moto knows of no type it would refuse all of them.
    InstanceType: partitionOf(region) === 'aws' ? place.aims.type : undefined,
    MinCount: 1,
    MaxCount: 1,
    KeyName: asked.KeyName,
    UserData: asked.UserData,
    NetworkInterfaces: [drop(nic)],
    Ipv6AddressCount: ipv6Count(asked) || undefined,
    BlockDeviceMappings: mappings
      .filter(m => m.Ebs !== undefined && m.NoDevice === undefined)
      .map(m => ({
        DeviceName: m.DeviceName,
        Ebs: drop({
          ...m.Ebs,
          Throughput: undefined,
          VolumeSize: m.Ebs?.VolumeSize ?? image?.sizeGb ?? 8,
          VolumeType: motoType(m.Ebs?.VolumeType) ?? (m.DeviceName === root ? 'gp3' : 'gp2'),
          DeleteOnTermination: m.Ebs?.DeleteOnTermination ?? true,
        }),
      })),
    TagSpecifications: specs.filter(spec => spec.ResourceType === 'instance' || spec.ResourceType === 'volume'),
    InstanceMarketOptions: place.aims.spot ? { MarketType: 'spot' } : undefined,
    MetadataOptions: asked.MetadataOptions,
    Monitoring: asked.Monitoring,
    IamInstanceProfile: asked.IamInstanceProfile,
    EbsOptimized: asked.EbsOptimized,
    DisableApiStop: asked.DisableApiStop,
    InstanceInitiatedShutdownBehavior:
      asked.InstanceInitiatedShutdownBehavior ?? (place.aims.spot ? 'terminate' : 'stop'),
  })
}

/** moto's launches lose the IOPS, without which it refuses these types; the volume's own is told by DescribeVolumes. */
function motoType(type: string | undefined): string | undefined {
  return type === 'io1' || type === 'io2' ? 'gp3' : type
}

/** Without what is undefined. */
export const drop = (values: object): object =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

/** How many IPv6 addresses it asks for. */
export function ipv6Count(asked: Launch): number {
  const primary = asked.NetworkInterfaces?.find(each => each.DeviceIndex === 0)
  return (
    primary?.Ipv6AddressCount ??
    primary?.Ipv6Addresses?.length ??
    asked.Ipv6AddressCount ??
    asked.Ipv6Addresses?.length ??
    0
  )
}
