/** Which image a machine boots from: found by family and CPU at run time, or given and checked. */
import type { Image as Seen } from '@aws-sdk/client-ec2'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ec2 } from './api.ts'
import { type Cpu, FAMILIES, type Family, userOf } from './image-families.ts'

export { type Cpu, FAMILY_NAMES, type Family } from './image-families.ts'

export interface Image {
  readonly id: string
  readonly name: string
  readonly cpu: Cpu
  /** '/dev/sda1': the root volume's device name. */
  readonly rootDevice: string
  /** Size of its root snapshot: a root volume cannot be smaller. 0: not known. */
  readonly rootSizeGb: number
  /** The user its SSH lets in; undefined where the name of a given image does not tell. */
  readonly sshUser: string | undefined
  /** It asks for IMDSv2 by itself. */
  readonly imdsV2: boolean
  /** It boots with UEFI only, or asks for it. */
  readonly bootMode: string | undefined
}

/** The newest image of the family for this CPU that is not deprecated. One call. */
export async function newestImage(ec2: Ec2, family: Family, cpu: Cpu, now = new Date()): Promise<Image> {
  const { owners, name, user } = FAMILIES[family]
  const owner = owners[ec2.partition]
  if (owner === undefined)
    throw new MachineError('EC2_NO_IMAGE', `nobody is known to offer ${family} in ${ec2.partition}`, {
      hints: ['name an image with --amazonec2-ami, or another family with --amazonec2-image'],
    })
  const { Images = [] } = await ec2.call('DescribeImages', {
    Owners: [owner],
    Filters: [
      { Name: 'name', Values: [name(cpu)] },
      { Name: 'architecture', Values: [cpu] },
      { Name: 'state', Values: ['available'] },
      { Name: 'root-device-type', Values: ['ebs'] },
      { Name: 'virtualization-type', Values: ['hvm'] },
    ],
  })
  const newest = Images.filter(image => !image.DeprecationTime || new Date(image.DeprecationTime) > now).sort(byAge)[0]
  if (!newest)
    throw new MachineError('EC2_NO_IMAGE', `there is no image of ${family} for ${cpu} in region ${ec2.region}`, {
      hints: ['name an image with --amazonec2-ami, or another family with --amazonec2-image'],
    })
  return { ...read(newest), sshUser: user }
}

/** The image given with `--amazonec2-ami`; throws where it is missing, not ready, no Linux, or has no EBS root. One call. */
export async function givenImage(ec2: Ec2, id: string): Promise<Image> {
  if (!/^ami-[0-9a-f]{8,17}$/.test(id))
    throw new UsageError(`"${id}" is no id of an image`, [
      'ids are as ami-0123456789abcdef0; --amazonec2-image takes families by their name',
    ])
  const { Images = [] } = await ec2.call('DescribeImages', { ImageIds: [id] })
  const seen = Images[0]
  if (!seen)
    throw new MachineError('EC2_NOT_FOUND', `the image ${id} is not there in region ${ec2.region}`, {
      hints: ['check --amazonec2-ami, ids differ from region to region; or leave it out'],
    })
  const no = (why: string) => new MachineError('EC2_IMAGE', `the image ${id} ${why}`, { hints: [WAY_OUT] })
  if (/windows/i.test(seen.Platform ?? '')) throw no('is Windows, and machines run Linux')
  if (seen.State !== undefined && seen.State !== 'available') throw no(`cannot be launched: it is ${seen.State}`)
  if (seen.RootDeviceType !== undefined && seen.RootDeviceType !== 'ebs') throw no('has no EBS volume as its root')
  if (cpuOf(seen) === undefined) throw no(`is for ${seen.Architecture}, on which no engine runs`)
  return { ...read(seen), sshUser: userOf(seen.Name ?? '') }
}

/** Throws when the image is for another CPU than the type's, or larger than the root volume asked for. */
export function checkFits(
  image: Image,
  { cpu, type, rootSizeGb }: { cpu: readonly Cpu[]; type: string; rootSizeGb?: number | undefined },
): void {
  if (!cpu.includes(image.cpu))
    throw new UsageError(
      `the image ${image.id} is for ${image.cpu}, and instance type ${type} is ${cpu.join(' and ')}`,
      [`leave --amazonec2-ami out, or take a type of that CPU: ${image.cpu === 'arm64' ? 't4g.small' : 't3.small'}`],
    )
  if (rootSizeGb !== undefined && rootSizeGb < image.rootSizeGb)
    throw new UsageError(
      `--amazonec2-root-size ${rootSizeGb} is less than the ${image.rootSizeGb} GB that the image ${image.id} needs`,
      [`give ${image.rootSizeGb} or more`],
    )
}

const WAY_OUT = 'name another with --amazonec2-ami, or leave it out: then the newest of --amazonec2-image is taken'

function read(seen: Seen): Omit<Image, 'sshUser'> {
  const rootDevice = seen.RootDeviceName ?? '/dev/sda1'
  const root = seen.BlockDeviceMappings?.find(mapping => mapping.DeviceName === rootDevice)
  return {
    id: seen.ImageId ?? '',
    name: seen.Name ?? '',
    cpu: cpuOf(seen) ?? 'x86_64',
    rootDevice,
    rootSizeGb: root?.Ebs?.VolumeSize ?? 0,
    imdsV2: seen.ImdsSupport === 'v2.0',
    bootMode: seen.BootMode,
  }
}

function cpuOf({ Architecture }: Seen): Cpu | undefined {
  return Architecture === 'x86_64' || Architecture === 'arm64' ? Architecture : undefined
}

/** Newest first; dates are ISO 8601, so they sort as text. */
function byAge(a: Seen, b: Seen): number {
  return (b.CreationDate ?? '').localeCompare(a.CreationDate ?? '')
}
