/**
 * Images that exist today: names, owners, root devices and users are the real ones; ids are new in each cloud, so that no
 * table of ids helps. Of each several dates, some deprecated, and look-alikes somebody else published.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Image } from '@aws-sdk/client-ec2'

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov'

export function partitionOf(region: string): Partition {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

interface Family {
  readonly owners: Readonly<Partial<Record<Partition, string>>>
  /** Login cloud-init makes. */
  readonly user: string
  readonly root: string
  readonly sizeGb: number
  readonly names: (arch: Arch, date: string) => string
  readonly imdsV2?: boolean
}
interface Arch {
  /** As EC2 calls it. */
  readonly ec2: 'x86_64' | 'arm64'
  readonly debian: 'amd64' | 'arm64'
}
const ARCHES: readonly Arch[] = [
  { ec2: 'x86_64', debian: 'amd64' },
  { ec2: 'arm64', debian: 'arm64' },
]
const CANONICAL = { aws: '099720109477', 'aws-cn': '837727238323', 'aws-us-gov': '513442679011' }
const AMAZON = { aws: '137112412989', 'aws-cn': '141808717104', 'aws-us-gov': '045324592363' }
// Of no account in China or GovCloud we are sure that it is Debian's: there are none here.
const DEBIAN = { aws: '136693071363' }
const STRANGER = { aws: '210987654321', 'aws-cn': '210987654321', 'aws-us-gov': '210987654321' }

const ubuntu = (names: Family['names']): Family => ({
  owners: CANONICAL,
  user: 'ubuntu',
  root: '/dev/sda1',
  sizeGb: 8,
  names,
})
const debian = (names: Family['names']): Family => ({
  owners: DEBIAN,
  user: 'admin',
  root: '/dev/xvda',
  sizeGb: 8,
  names,
})
const amazon = (names: Family['names'], sizeGb = 8): Family => ({
  owners: AMAZON,
  user: 'ec2-user',
  root: '/dev/xvda',
  sizeGb,
  names,
  imdsV2: true,
})

const FAMILIES: readonly Family[] = [
  ubuntu((a, d) => `ubuntu/images/hvm-ssd-gp3/ubuntu-resolute-26.04-${a.debian}-server-${d}`),
  ubuntu((a, d) => `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${a.debian}-server-${d}`),
  ubuntu((a, d) => `ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-${a.debian}-server-${d}`),
  ubuntu((a, d) => `ubuntu-minimal/images/hvm-ssd-gp3/ubuntu-noble-24.04-${a.debian}-minimal-${d}`),
  ubuntu((a, d) => `ubuntu-pro-server/images/hvm-ssd-gp3/ubuntu-noble-24.04-${a.debian}-pro-server-${d}`),
  ubuntu((a, d) => `ubuntu/images-testing/hvm-ssd-gp3/ubuntu-noble-daily-${a.debian}-server-${d}`),
  debian((a, d) => `debian-12-${a.debian}-${d}-2222`),
  debian((a, d) => `debian-12-backports-${a.debian}-${d}-2222`),
  debian((a, d) => `debian-13-${a.debian}-${d}-2222`),
  amazon((a, d) => `al2023-ami-2023.12.${d}.0-kernel-6.1-${a.ec2}`),
  amazon((a, d) => `al2023-ami-2023.12.${d}.0-kernel-6.12-${a.ec2}`),
  amazon((a, d) => `al2023-ami-minimal-2023.12.${d}.0-kernel-6.1-${a.ec2}`, 2),
  amazon((a, d) => `al2023-ami-ecs-hvm-2023.0.${d}-kernel-6.1-${a.ec2}`, 30),
  { ...ubuntu((a, d) => `ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-${a.debian}-server-${d}`), owners: STRANGER },
  { ...debian((a, d) => `debian-13-${a.debian}-${d}-2222`), owners: STRANGER },
]

export interface CloudImage extends Image {
  readonly ImageId: string
  readonly Name: string
  readonly RootDeviceName: string
  readonly partition: Partition
  readonly user: string
  readonly sizeGb: number
}

const DAY_MS = 86_400_000

export function makeImages(now = Date.now()): CloudImage[] {
  const salt = randomBytes(8).toString('hex')
  const id = (text: string) =>
    createHash('sha256')
      .update(salt + text)
      .digest('hex')
      .slice(0, 17)
  const images: CloudImage[] = []
  for (const family of FAMILIES)
    for (const [partition, owner] of Object.entries(family.owners) as [Partition, string][])
      for (const arch of ARCHES)
        for (const days of [500, 120, 60, 20]) {
          // A stranger's image is the newest of its name.
          const age = family.owners === STRANGER ? days / 20 : days
          const made = new Date(now - age * DAY_MS)
          const name = family.names(arch, made.toISOString().slice(0, 10).replaceAll('-', ''))
          const key = `${partition} ${owner} ${name}`
          images.push({
            partition,
            user: family.user,
            sizeGb: family.sizeGb,
            ImageId: `ami-${id(key)}`,
            Name: name,
            Description: name,
            OwnerId: owner,
            ...(family.owners === STRANGER ? {} : { ImageOwnerAlias: 'amazon' }),
            Architecture: arch.ec2,
            CreationDate: made.toISOString(),
            DeprecationTime: new Date(made.getTime() + (days === 500 ? 365 : 730) * DAY_MS).toISOString(),
            State: 'available',
            Public: true,
            ImageType: 'machine',
            Hypervisor: 'xen',
            VirtualizationType: 'hvm',
            RootDeviceType: 'ebs',
            RootDeviceName: family.root,
            EnaSupport: true,
            SriovNetSupport: 'simple',
            PlatformDetails: 'Linux/UNIX',
            ...(family.imdsV2 ? { ImdsSupport: 'v2.0' as const } : {}),
            BlockDeviceMappings: [
              {
                DeviceName: family.root,
                Ebs: {
                  DeleteOnTermination: true,
                  SnapshotId: `snap-${id(`snapshot ${key}`)}`,
                  VolumeSize: family.sizeGb,
                  VolumeType: 'gp3',
                  Encrypted: false,
                },
              },
            ],
          })
        }
  return images
}

/** What MOTO_AMIS_PATH wants of one. */
export function motoImage(image: CloudImage): object {
  return {
    ami_id: image.ImageId,
    name: image.Name,
    description: image.Description,
    owner_id: image.OwnerId,
    architecture: image.Architecture,
    creation_date: image.CreationDate,
    public: true,
    state: 'available',
    image_type: 'machine',
    hypervisor: 'xen',
    virtualization_type: 'hvm',
    root_device_type: 'ebs',
    root_device_name: image.RootDeviceName,
    sriov: 'simple',
    platform: null,
    image_location: `amazon/${image.Name}`,
    tags: {},
  }
}
