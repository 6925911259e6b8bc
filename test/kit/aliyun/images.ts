/** What is told of images, and how one is found. */
import type { Data } from '../cloud/data.ts'
import { Problem, refuseUnless } from '../cloud/problem.ts'
import { type CloudImage, IMAGES } from './offers.ts'
import { found, missing } from './problem.ts'

export function imageView(image: CloudImage): Data {
  return {
    ImageId: image.id,
    ImageName: image.name,
    ImageFamily: image.family,
    ImageOwnerAlias: 'system',
    ImageOwnerId: 0,
    ImageVersion: '',
    Description: '',
    Architecture: image.arch,
    Platform: image.platform,
    OSName: image.osName,
    OSNameEn: image.osName,
    OSType: image.windows ? 'windows' : 'linux',
    Size: image.sizeGb,
    Status: 'Available',
    Progress: '100%',
    Usage: 'instance',
    CreationTime: image.createdAt,
    IsPublic: true,
    IsSubscribed: false,
    IsCopied: false,
    IsSelfShared: '',
    IsSupportCloudinit: !image.windows,
    IsSupportIoOptimized: true,
    LoginAsNonRootSupported: !image.windows,
    BootMode: image.arch === 'arm64' ? 'UEFI' : 'BIOS',
    ProductCode: '',
    Features: { ImdsSupport: 'v2', NvmeSupport: 'supported' },
    DiskDeviceMappings: { DiskDeviceMapping: [] },
    Tags: { Tag: [] },
  }
}

/** The image of a launch: by its id, or the newest of a family. */
export function imageOf({ ImageId: id, ImageFamily: family }: Data): CloudImage {
  refuseUnless(
    id === undefined || family === undefined,
    'UnexpectedImageFamily.ImageIdSupplied',
    'The input parameter ImageFamily must be null when image id is set.',
  )
  if (id !== undefined)
    return found(
      IMAGES.find(image => image.id === id),
      'InvalidImageId.NotFound',
      'The specified ImageId does not exist.',
    )
  if (family === undefined) throw missing('ImageId')
  const newest = IMAGES.find(image => image.family === family)
  if (!newest)
    throw new Problem(
      'InvalidImageFamily.MissingAvailableImage',
      'There is no available image related to the specified image family.',
      403,
    )
  return newest
}
