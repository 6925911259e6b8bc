/** What the cloud has to offer: regions with their zones, instance types, images. Sizes and names are those of the real one. */

/** Regions of which tests make use, each with the letters of its zones. */
export const REGIONS: Readonly<Record<string, { readonly name: string; readonly zones: string }>> = {
  'cn-hangzhou': { name: 'China (Hangzhou)', zones: 'bghijk' },
  'cn-shanghai': { name: 'China (Shanghai)', zones: 'abefgl' },
  'cn-qingdao': { name: 'China (Qingdao)', zones: 'bc' },
  'cn-beijing': { name: 'China (Beijing)', zones: 'acfghi' },
  'cn-shenzhen': { name: 'China (Shenzhen)', zones: 'cdef' },
  'cn-hongkong': { name: 'China (Hong Kong)', zones: 'bcd' },
  'ap-southeast-1': { name: 'Singapore', zones: 'abc' },
  'eu-central-1': { name: 'Germany (Frankfurt)', zones: 'abc' },
  'us-west-1': { name: 'US (Silicon Valley)', zones: 'ab' },
}

/** Zones of the older regions are cn-hangzhou-b, those of later ones ap-southeast-1a. */
export function zonesOf(region: string): string[] {
  const dash = /\d$/.test(region) ? '' : '-'
  return [...(REGIONS[region]?.zones ?? '')].map(letter => `${region}${dash}${letter}`)
}

export type Arch = 'x86_64' | 'arm64'

export interface InstanceType {
  readonly id: string
  readonly cpus: number
  readonly memoryGb: number
  readonly arch: Arch
  /** Categories of system disks it takes, the default first. */
  readonly disks: readonly string[]
  /** ¥ an hour, as spot. */
  readonly spotPrice: number
  readonly nvme: boolean
}

const OLD_DISKS = ['cloud_efficiency', 'cloud_ssd', 'cloud_essd', 'cloud']
const DISKS = ['cloud_efficiency', 'cloud_ssd', 'cloud_essd', 'cloud_auto']
const ESSD = ['cloud_essd', 'cloud_auto']
const ENTRY = ['cloud_essd', 'cloud_auto', 'cloud_essd_entry']
const type = (
  id: string,
  cpus: number,
  memoryGb: number,
  disks: readonly string[],
  arch: Arch = 'x86_64',
): InstanceType => ({
  id,
  cpus,
  memoryGb,
  arch,
  disks,
  spotPrice: Number((cpus * 0.04 + memoryGb * 0.005).toFixed(3)),
  nvme: /\.(g8|c8|g7se|g9)/.test(id),
})

export const TYPES: readonly InstanceType[] = [
  type('ecs.n4.small', 1, 2, OLD_DISKS),
  type('ecs.t6-c1m1.large', 2, 2, DISKS),
  type('ecs.g5.large', 2, 8, DISKS),
  type('ecs.g5.xlarge', 4, 16, DISKS),
  type('ecs.g6.large', 2, 8, DISKS),
  type('ecs.c6.large', 2, 4, DISKS),
  type('ecs.g7.large', 2, 8, ESSD),
  type('ecs.c7.large', 2, 4, ESSD),
  type('ecs.g7.16xlarge', 64, 256, ESSD),
  type('ecs.e-c1m1.large', 2, 2, ENTRY),
  type('ecs.e-c1m2.large', 2, 4, ENTRY),
  type('ecs.u1-c1m2.large', 2, 4, ENTRY),
  type('ecs.u1-c1m4.large', 2, 8, ENTRY),
  type('ecs.g8i.large', 2, 8, ESSD),
  type('ecs.g6r.large', 2, 8, DISKS, 'arm64'),
  type('ecs.g8y.large', 2, 8, ESSD, 'arm64'),
  type('ecs.c8y.large', 2, 4, ESSD, 'arm64'),
]

export const familyOf = (id: string) =>
  id
    .split('.')
    .slice(0, 2)
    .join('.')
    .replace(/-c\d+m\d+$/, '')

export interface CloudImage {
  readonly id: string
  readonly name: string
  /** acs:… */
  readonly family: string
  readonly arch: Arch
  readonly platform: string
  readonly osName: string
  readonly windows: boolean
  readonly sizeGb: number
  readonly createdAt: string
}

const image = (
  family: string,
  platform: string,
  osName: string,
  arch: Arch,
  day: string,
  { sizeGb = 20 } = {},
): CloudImage => ({
  id: `${family}_${sizeGb}G_alibase_${day}.vhd`,
  name: `${family}_${sizeGb}G_alibase_${day}.vhd`,
  family: `acs:${family}`,
  arch,
  platform,
  osName,
  windows: platform === 'Windows Server 2022',
  sizeGb,
  createdAt: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T06:26:18Z`,
})

/** As DescribeImages lists them: the newest of a family first. */
export const IMAGES: readonly CloudImage[] = [
  image('ubuntu_24_04_x64', 'Ubuntu', 'Ubuntu 24.04 64bit', 'x86_64', '20260916'),
  image('ubuntu_24_04_x64', 'Ubuntu', 'Ubuntu 24.04 64bit', 'x86_64', '20260812'),
  image('ubuntu_24_04_arm64', 'Ubuntu', 'Ubuntu 24.04 64bit (ARM)', 'arm64', '20260916'),
  image('ubuntu_22_04_x64', 'Ubuntu', 'Ubuntu 22.04 64bit', 'x86_64', '20260910'),
  image('ubuntu_22_04_arm64', 'Ubuntu', 'Ubuntu 22.04 64bit (ARM)', 'arm64', '20260910'),
  image('debian_13_0_x64', 'Debian', 'Debian 13.0 64bit', 'x86_64', '20260901'),
  image('debian_12_11_x64', 'Debian', 'Debian 12.11 64bit', 'x86_64', '20260828'),
  image('debian_12_11_arm64', 'Debian', 'Debian 12.11 64bit (ARM)', 'arm64', '20260828'),
  image('aliyun_3_x64', 'Aliyun', 'Alibaba Cloud Linux 3.2104 LTS 64bit', 'x86_64', '20260820'),
  image('aliyun_3_arm64', 'Aliyun', 'Alibaba Cloud Linux 3.2104 LTS 64bit (ARM)', 'arm64', '20260820'),
  image('aliyun_4_x64', 'Aliyun', 'Alibaba Cloud Linux 4 64bit', 'x86_64', '20260822'),
  image('centos_stream_9_x64', 'CentOS Stream', 'CentOS Stream 9 64bit', 'x86_64', '20260715'),
  image('rockylinux_9_6_x64', 'Rocky Linux', 'Rocky Linux 9.6 64bit', 'x86_64', '20260718'),
  image('win2022_21H2_x64_dtc_en-us', 'Windows Server 2022', 'Windows Server 2022', 'x86_64', '20260811', {
    sizeGb: 40,
  }),
  image('ubuntu_16_0402_64', 'Ubuntu', 'Ubuntu 16.04 64bit', 'x86_64', '20171227'),
]
