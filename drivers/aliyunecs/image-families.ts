/**
 * Families of public images: what their ids look like, and what Alibaba Cloud calls the family where that is one name for
 * all releases. No ids: those are other ones every few weeks, and the old are taken away.
 */

/** ECS's words for images; types say X86 and ARM. */
export type Cpu = 'x86_64' | 'arm64'

export interface FamilySpec {
  /** ImageFamily; absent: there is a new one with each point release, so ids are looked through. */
  readonly family?: (cpu: Cpu) => string
  /** What ids of its images begin with. */
  readonly ids: (cpu: Cpu) => RegExp
}

const word = (cpu: Cpu) => (cpu === 'arm64' ? 'arm64' : 'x64')

function ubuntu(version: string): FamilySpec {
  return {
    family: cpu => `acs:ubuntu_${version}_${word(cpu)}`,
    ids: cpu => new RegExp(`^ubuntu_${version}_${word(cpu)}_`),
  }
}

/** Its families carry the point release: acs:debian_12_11_x64. */
function debian(version: number): FamilySpec {
  return { ids: cpu => new RegExp(`^debian_${version}_(\\d+_)?${word(cpu)}_`) }
}

export const FAMILIES = {
  'ubuntu-24.04': ubuntu('24_04'),
  'ubuntu-22.04': ubuntu('22_04'),
  'debian-13': debian(13),
  'debian-12': debian(12),
  'alibaba-cloud-linux-3': {
    family: cpu => `acs:alibaba_cloud_linux_3_2104_lts_${word(cpu)}`,
    ids: cpu => new RegExp(`^aliyun_3_(\\d+_)?${word(cpu)}_\\d+G_alibase_`),
  },
} as const satisfies Readonly<Record<string, FamilySpec>>

export type Family = keyof typeof FAMILIES
/** What `--aliyunecs-image` takes; the first is the default. */
export const FAMILY_NAMES = Object.keys(FAMILIES) as unknown as readonly [Family, ...Family[]]
