/** Disks and network interfaces, as far as they hang on instances. */
import type { Data } from '../../cloud/data.ts'
import { refuseUnless } from '../../cloud/problem.ts'
import { isThere } from '../instance-view.ts'
import { askedFor, ecsTags, paged, within } from '../lists.ts'
import { found } from '../problem.ts'
import { type Disk, type Handlers, type Instance, seconds } from '../world.ts'

const stateOf = ({ instanceId }: Disk) => (instanceId === undefined ? 'Available' : 'In_use')

function diskView(disk: Disk): Data {
  const { about } = disk
  return {
    DiskId: disk.id,
    DiskName: about.DiskName ?? '',
    Description: about.Description ?? '',
    SerialNumber: disk.serial,
    Type: disk.kind,
    Category: about.Category ?? '',
    PerformanceLevel: about.Category === 'cloud_essd' ? (about.PerformanceLevel ?? 'PL1') : '',
    Size: disk.sizeGb,
    Status: stateOf(disk),
    InstanceId: disk.instanceId ?? '',
    Device: disk.instanceId === undefined ? '' : disk.device,
    DeleteWithInstance: disk.deleteWithInstance,
    Encrypted: about.Encrypted === true,
    KMSKeyId: about.KMSKeyId ?? '',
    SourceSnapshotId: about.SnapshotId ?? '',
    DiskChargeType: 'PostPaid',
    Portable: disk.kind === 'data',
    RegionId: disk.region,
    ZoneId: disk.zone,
    ResourceGroupId: disk.resourceGroupId,
    CreationTime: seconds(disk.madeAt),
    Attachments: {
      Attachment: disk.instanceId === undefined ? [] : [{ InstanceId: disk.instanceId, Device: disk.device }],
    },
    OperationLocks: { OperationLock: [] },
    Tags: ecsTags(disk),
  }
}

function interfaceView(i: Instance): Data {
  const address = i.eip?.address ?? i.publicAddress
  const associated = address === undefined ? {} : { PublicIpAddress: address, AllocationId: i.eip?.id ?? '' }
  return {
    NetworkInterfaceId: i.interfaceId,
    NetworkInterfaceName: '',
    Description: '',
    InstanceId: i.id,
    Type: 'Primary',
    Status: 'InUse',
    VpcId: i.vpcId,
    VSwitchId: i.vswitchId,
    ZoneId: i.zone,
    MacAddress: i.macAddress,
    PrivateIpAddress: i.privateAddress,
    DeleteOnRelease: true,
    CreationTime: seconds(i.madeAt),
    ResourceGroupId: i.resourceGroupId,
    AssociatedPublicIp: associated,
    PrivateIpSets: {
      PrivateIpSet: [{ PrivateIpAddress: i.privateAddress, Primary: true, AssociatedPublicIp: associated }],
    },
    SecurityGroupIds: { SecurityGroupId: i.groupIds },
    Tags: ecsTags(i),
  }
}

export const disks: Handlers = {
  DescribeDisks(ask, world) {
    const { parameters: p } = ask
    const all = askedFor(world.disks, ask, disk => ({
      InstanceId: disk.instanceId,
      ZoneId: disk.zone,
      Category: disk.about.Category,
      DiskName: disk.about.DiskName ?? '',
      DeleteWithInstance: disk.deleteWithInstance,
    })).filter(
      disk =>
        within(p.DiskIds, disk.id) &&
        (p.DiskType === undefined || p.DiskType === 'all' || p.DiskType === disk.kind) &&
        (p.Status === undefined || p.Status === 'All' || p.Status === stateOf(disk)),
    )
    const { page, about } = paged(all, p, world)
    return () => ({ NextToken: '', ...about, Disks: { Disk: page.map(diskView) } })
  },
  DeleteDisk({ parameters: p, region }, world) {
    const disk = world.disks.get(String(p.DiskId))
    const own = found(
      disk?.region === region ? disk : undefined,
      'InvalidDiskId.NotFound',
      'The specified disk does not exist.',
    )
    refuseUnless(
      own.instanceId === undefined,
      'IncorrectDiskStatus',
      'The current disk status does not support this operation.',
      403,
    )
    return () => {
      world.disks.delete(own.id)
      return {}
    }
  },
  DescribeNetworkInterfaces(ask, world) {
    const { parameters: p } = ask
    const all = askedFor(world.instances, ask, i => ({
      InstanceId: i.id,
      VpcId: i.vpcId,
      VSwitchId: i.vswitchId,
      SecurityGroupId: i.groupIds,
      PrimaryIpAddress: i.privateAddress,
      Type: 'Primary',
      Status: 'InUse',
    })).filter(i => isThere(i, world) && within(p.NetworkInterfaceId, i.interfaceId))
    const { page, about } = paged(all, p, world)
    return () => ({ NextToken: '', ...about, NetworkInterfaceSets: { NetworkInterfaceSet: page.map(interfaceView) } })
  },
}
