/**
 * Families of images: who publishes them in which part of AWS, what they are called, and whom their SSH lets in. No ids:
 * those are other ones in each region, and change every few weeks.
 */
import type { Partition } from './endpoint.ts'

/** EC2's words. */
export type Cpu = 'x86_64' | 'arm64'

export interface FamilySpec {
  /** Account, or alias, that publishes it there. */
  readonly owners: Partial<Readonly<Record<Partition, string>>>
  /** What its images are called, as a pattern of DescribeImages. */
  name(cpu: Cpu): string
  readonly user: string
}

const CANONICAL = { aws: '099720109477', 'aws-cn': '837727238323', 'aws-us-gov': '513442679011' } as const
/** Debian names this one account; what others publish under its name elsewhere is not known to be Debian's. */
const DEBIAN = { aws: '136693071363' } as const
const AMAZON = {
  aws: 'amazon',
  'aws-cn': 'amazon',
  'aws-us-gov': 'amazon',
  'aws-eusc': 'amazon',
  'aws-iso': 'amazon',
  'aws-iso-b': 'amazon',
  'aws-iso-e': 'amazon',
  'aws-iso-f': 'amazon',
} as const

const debianWord = (cpu: Cpu) => (cpu === 'arm64' ? 'arm64' : 'amd64')

/** The word between is the release's name; the storage's word was `hvm-ssd` before 24.04. */
function ubuntu(version: string): FamilySpec {
  const name = (cpu: Cpu) => `ubuntu/images/hvm-ssd*/ubuntu-*-${version}-${debianWord(cpu)}-server-*`
  return { owners: CANONICAL, name, user: 'ubuntu' }
}

function debian(version: number): FamilySpec {
  return { owners: DEBIAN, name: cpu => `debian-${version}-${debianWord(cpu)}-*`, user: 'admin' }
}

export const FAMILIES = {
  'ubuntu-24.04': ubuntu('24.04'),
  'ubuntu-26.04': ubuntu('26.04'),
  'ubuntu-22.04': ubuntu('22.04'),
  'debian-13': debian(13),
  'debian-12': debian(12),
  // Not al2023-ami-minimal-… and al2023-ami-ecs-…, which lack what people expect or have an agent of their own.
  'amazon-linux-2023': { owners: AMAZON, name: cpu => `al2023-ami-2023.*-kernel-*-${cpu}`, user: 'ec2-user' },
} as const satisfies Readonly<Record<string, FamilySpec>>

export type Family = keyof typeof FAMILIES
/** What `--amazonec2-image` takes; the first is the default. */
export const FAMILY_NAMES = Object.keys(FAMILIES) as unknown as readonly [Family, ...Family[]]

/** By what the names of images begin with or hold. */
const USERS: readonly (readonly [RegExp, string])[] = [
  [/ubuntu/i, 'ubuntu'],
  [/debian/i, 'admin'],
  [/rocky/i, 'rocky'],
  [/^Flatcar|coreos/i, 'core'],
  [/fedora/i, 'fedora'],
  [/^CentOS/i, 'centos'],
  [/^(al2023|amzn)|^RHEL|^suse|sles|^AlmaLinux|^OL\d|opensuse/i, 'ec2-user'],
]

/** The user an image lets in, by its name; undefined: it does not tell. */
export function userOf(imageName: string): string | undefined {
  return USERS.find(([pattern]) => pattern.test(imageName))?.[1]
}
