/** What there is to have: regions, zones, instance types, images. */
import type { Data } from '../../cloud/data.ts'
import { refuseUnless } from '../../cloud/problem.ts'
import { imageView } from '../images.ts'
import { byNumber, fits, matches, paged, wanted } from '../lists.ts'
import { familyOf, IMAGES, type InstanceType, REGIONS, TYPES, zonesOf } from '../offers.ts'
import { found } from '../problem.ts'
import type { Ask, Handlers, World } from '../world.ts'

const regions: Data = {
  Region: Object.entries(REGIONS).map(([RegionId, { name }]) => ({
    RegionId,
    LocalName: name,
    RegionEndpoint: `ecs.${RegionId}.aliyuncs.com`,
    Status: 'available',
  })),
}

function typeView(type: InstanceType): Data {
  return {
    InstanceTypeId: type.id,
    InstanceTypeFamily: familyOf(type.id),
    CpuCoreCount: type.cpus,
    MemorySize: type.memoryGb,
    CpuArchitecture: type.arch === 'arm64' ? 'ARM' : 'X86',
    InstanceFamilyLevel: /^ecs\.(e|t6)-/.test(type.id) ? 'CreditEntryLevel' : 'EnterpriseLevel',
    NvmeSupport: type.nvme ? 'required' : 'unsupported',
    LocalStorageCategory: '',
    GPUAmount: 0,
    GPUSpec: '',
    EniQuantity: 2,
    DiskQuantity: 17,
    SupportedBootModes: { SupportedBootMode: type.arch === 'arm64' ? ['UEFI'] : ['BIOS', 'UEFI'] },
  }
}

function stockOf(value: string, has: boolean): Data {
  return {
    Value: value,
    Status: has ? 'Available' : 'SoldOut',
    StatusCategory: has ? 'WithStock' : 'WithoutStock',
  }
}

/** What of a zone DescribeAvailableResource tells, as each kind of resource is asked for. */
function resourcesOf(zone: string, p: Data, world: World): Data[] {
  const fit = TYPES.filter(
    type =>
      (p.InstanceType === undefined || p.InstanceType === type.id) &&
      (p.Cores === undefined || p.Cores === type.cpus) &&
      (p.Memory === undefined || Number(p.Memory) === type.memoryGb) &&
      (p.SystemDiskCategory === undefined || type.disks.includes(String(p.SystemDiskCategory))) &&
      (p.DataDiskCategory === undefined || type.disks.includes(String(p.DataDiskCategory))),
  )
  switch (p.DestinationResource) {
    case 'InstanceType':
      return fit.map(type => stockOf(type.id, world.stock.has(zone, type.id)))
    case 'SystemDisk':
    case 'DataDisk':
      return [...new Set(fit.flatMap(type => type.disks))].map(category => ({
        ...stockOf(category, true),
        Min: category.startsWith('cloud_essd') ? 1 : 20,
        Max: p.DestinationResource === 'SystemDisk' ? 2048 : 32_768,
        Unit: 'GiB',
      }))
    case 'Network':
      return [stockOf('vpc', true)]
    case 'IoOptimized':
      return [stockOf('optimized', true)]
    case 'Zone':
      return fit.some(type => world.stock.has(zone, type.id)) ? [stockOf(zone, true)] : [stockOf(zone, false)]
    default:
      return []
  }
}

function availableResource({ parameters: p, region }: Ask, world: World) {
  const kind = p.DestinationResource
  refuseUnless(
    !(kind === 'SystemDisk' || kind === 'DataDisk') || p.InstanceType !== undefined || p.ResourceType === 'disk',
    'MissingParameter',
    'The input parameter "InstanceType" that is mandatory for processing this request is not supplied.',
  )
  const zones = zonesOf(region).filter(zone => p.ZoneId === undefined || zone === p.ZoneId)
  refuseUnless(zones.length > 0, 'InvalidZoneId.NotFound', 'The specified ZoneId does not exist.', 404)
  return () => ({
    AvailableZones: {
      AvailableZone: zones.map(zone => {
        const resources = resourcesOf(zone, p, world)
        const has = resources.some(each => each.StatusCategory === 'WithStock')
        return {
          RegionId: region,
          ZoneId: zone,
          Status: has ? 'Available' : 'SoldOut',
          StatusCategory: has ? 'WithStock' : 'WithoutStock',
          AvailableResources: {
            AvailableResource: [{ Type: String(kind), SupportedResources: { SupportedResource: resources } }],
          },
        }
      }),
    },
  })
}

export const catalogue: Handlers = {
  DescribeRegions: () => () => ({ Regions: regions }),
  DescribeZones:
    ({ region }) =>
    () => ({
      Zones: {
        Zone: zonesOf(region).map(zone => ({
          ZoneId: zone,
          LocalName: zone,
          ZoneType: 'AvailabilityZone',
          AvailableResourceCreation: { ResourceTypes: ['VSwitch', 'IoOptimized', 'Instance', 'Disk'] },
          AvailableDiskCategories: { DiskCategories: [...new Set(TYPES.flatMap(type => type.disks))] },
          AvailableInstanceTypes: { InstanceTypes: TYPES.map(type => type.id) },
        })),
      },
    }),
  DescribeInstanceTypes({ parameters: p }, world) {
    const ids = wanted(p.InstanceTypes)
    const all = TYPES.filter(
      type =>
        (ids === undefined || ids.includes(type.id)) &&
        matches(p, { InstanceTypeFamily: familyOf(type.id), CpuArchitecture: type.arch === 'arm64' ? 'ARM' : 'X86' }),
    )
    const asked = p.MaxResults === undefined && p.NextToken === undefined ? { ...p, MaxResults: 1600 } : p
    const { page, about } = paged(all, asked, world)
    return () => ({ NextToken: about.NextToken ?? '', InstanceTypes: { InstanceType: page.map(typeView) } })
  },
  DescribeAvailableResource: availableResource,
  DescribeImages({ parameters: p, region }) {
    const ids = wanted(p.ImageId)
    const all = IMAGES.filter(
      image =>
        (p.ImageOwnerAlias ?? 'system') === 'system' &&
        (ids === undefined || ids.includes(image.id)) &&
        fits(p.ImageName, image.name) &&
        matches(p, {
          ImageFamily: image.family,
          Architecture: image.arch,
          OSType: image.windows ? 'windows' : 'linux',
          Status: 'Available',
          IsSupportCloudinit: !image.windows,
        }),
    )
    const { page, about } = byNumber(all, p)
    return () => ({ ...about, RegionId: region, Images: { Image: page.map(imageView) } })
  },
  DescribeImageFromFamily({ parameters: p }) {
    const image = found(
      IMAGES.find(each => each.family === p.ImageFamily),
      'InvalidImageFamily.NotFound',
      'The specified ImageFamily does not exist.',
    )
    return () => ({ Image: imageView(image) })
  },
  DescribeAccountAttributes:
    ({ parameters: p }, { quotas }) =>
    () => ({
      AccountAttributeItems: {
        AccountAttributeItem: ((p.AttributeName ?? ['max-security-groups']) as string[]).map(name => ({
          AttributeName: name,
          AttributeValues: { ValueItem: [{ Value: String(name === 'max-security-groups' ? quotas.groups : 0) }] },
        })),
      },
    }),
}
