/** What was asked for, settled and checked as far as that goes without asking Alibaba Cloud. */
import { UsageError } from '../../src/errors.ts'
import { parseAllowCidr } from '../cloud/allow-cidr.ts'
import { normaliseCidr } from '../cloud/cidr.ts'
import { type PortRange, parsePort } from '../cloud/ports.ts'
import type { Access } from './access.ts'
import type { AccessConfig } from './access-flags.ts'
import { refuseImpossible } from './conflicts.ts'
import type { EcsConfig } from './flags.ts'
import { FAMILY_NAMES, type Family } from './image-families.ts'
import { parseTags, type Tags } from './tags.ts'

export const DRIVER = 'aliyunecs'
/** The old driver's name for the group all machines share; also the VPC's and its vSwitches'. */
export const SHARED_NAME = 'docker-machine'
/** Two CPUs and four or eight GB, cheapest first; none of them is sold everywhere. */
export const DEFAULT_TYPES = [
  'ecs.u1-c1m2.large',
  'ecs.e-c1m2.large',
  'ecs.c7.large',
  'ecs.g7.large',
  'ecs.c6.large',
  'ecs.g6.large',
  'ecs.n4.small',
] as const
const SYSTEM_GB = 40
const RETRIES = 8

export interface DiskWish {
  readonly sizeGb: number
  readonly category: string | undefined
  readonly level: string | undefined
}

export interface Settings {
  readonly access: Access
  readonly image: { readonly id: string } | { readonly family: Family }
  /** In the order to try. */
  readonly types: readonly string[]
  /** The types are our own choice: those a region lacks are left out. */
  readonly anyType: boolean
  /** In the order to try; empty: all. */
  readonly zones: readonly string[]
  readonly vpcId: string | undefined
  readonly vSwitchId: string | undefined
  /** Name or id. */
  readonly group: string
  readonly allow: readonly string[]
  readonly checkUrl: string | undefined
  readonly openPorts: readonly PortRange[]
  readonly tags: Tags
  readonly resourceGroup: string | undefined
  readonly description: string | undefined
  readonly ioOptimized: 'none' | 'optimized' | undefined
  readonly ramRole: string | undefined
  readonly systemDisk: DiskWish
  /** Size 0: none. */
  readonly dataDisk: DiskWish & { readonly fs: 'ext4' | 'xfs' }
  readonly encrypted: boolean
  readonly ssh: { readonly port: number; readonly user: string }
  readonly key: { readonly path: string | undefined; readonly pair: string | undefined }
  readonly spot:
    | {
        readonly maxPrice: string | undefined
        readonly hours: number | undefined
        readonly interruption: 'Terminate' | 'Stop'
      }
    | undefined
  readonly privateOnly: boolean
  readonly privateIp: string | undefined
  readonly eip: boolean
  readonly bandwidth: number
  readonly chargeType: string
  readonly routeCidr: string | undefined
  readonly slbId: string | undefined
  readonly metadata: { readonly tokens: string; readonly endpoint: string | undefined }
  readonly hardening: boolean | undefined
  readonly stopCharging: boolean
  readonly userDataFile: string | undefined
}

/** Throws UsageError, one sentence, for what cannot be. */
export function readSettings(config: EcsConfig): Settings {
  refuseImpossible(config)
  parseAllowCidr(config.allowCidr ?? [], DRIVER)
  const types = words(config.instanceType)
  return {
    access: readAccess(config),
    image: config.imageId ? { id: config.imageId } : { family: (config.image as Family) || FAMILY_NAMES[0] },
    types: types.length > 0 ? types : DEFAULT_TYPES,
    anyType: types.length === 0,
    zones: words(config.zone),
    vpcId: config.vpcId || undefined,
    vSwitchId: config.vswitchId || undefined,
    group: config.securityGroup || SHARED_NAME,
    allow: config.allowCidr ?? [],
    checkUrl: config.checkUrl || undefined,
    openPorts: (config.openPort ?? []).map(word => parsePort(word, '--aliyunecs-open-port')),
    tags: parseTags(config.tag ?? []),
    resourceGroup: config.resourceGroupId || undefined,
    description: config.description || undefined,
    ioOptimized: readIoOptimized(config.ioOptimized),
    ramRole: config.ramRole || undefined,
    systemDisk: {
      sizeGb: config.systemDiskSize ?? SYSTEM_GB,
      ...kind(config.systemDiskCategory, config.systemDiskPerformanceLevel),
    },
    dataDisk: {
      sizeGb: config.diskSize ?? 0,
      ...kind(config.diskCategory, config.diskPerformanceLevel),
      fs: config.diskFs as 'ext4' | 'xfs',
    },
    encrypted: config.diskEncrypted ?? false,
    ssh: { port: config.sshPort ?? 22, user: config.sshUser || 'root' },
    key: { path: config.sshKeypath || undefined, pair: config.sshKeypair || undefined },
    spot: config.spot
      ? {
          maxPrice: config.spotPriceLimit || undefined,
          hours: config.spotDuration,
          interruption: config.spotInterruption === 'stop' ? 'Stop' : 'Terminate',
        }
      : undefined,
    privateOnly: config.privateAddressOnly ?? false,
    privateIp: config.privateIp || undefined,
    eip: config.eip ?? false,
    // The old driver took 0 for 1, and people's scripts say it.
    bandwidth: config.internetMaxBandwidth || 1,
    chargeType: config.internetChargeType,
    routeCidr: config.routeCidr ? normaliseCidr(config.routeCidr)?.cidr : undefined,
    slbId: config.slbId || undefined,
    metadata: { tokens: config.metadataToken ?? 'required', endpoint: config.httpEndpoint },
    hardening: config.securityHardening,
    stopCharging: config.stoppedMode === 'stop-charging',
    userDataFile: config.userdata || undefined,
  }
}

/** How the API is reached. */
export function readAccess(config: AccessConfig): Access {
  return {
    region: config.region || undefined,
    endpoint: config.apiEndpoint || undefined,
    profile: config.profile || undefined,
    retries: config.retries ?? RETRIES,
  }
}

/** The old driver's words; whatever else was said meant no. */
function readIoOptimized(text: string | undefined): Settings['ioOptimized'] {
  if (!text) return undefined
  return /^(true|optimized)$/i.test(text) ? 'optimized' : 'none'
}

/** Only ESSDs have levels. */
function kind(category: string | undefined, level: string | undefined): Pick<DiskWish, 'category' | 'level'> {
  if (level && category && category !== 'cloud_essd')
    throw new UsageError(`disks of the kind ${category} have no performance level`, ['levels are of cloud_essd alone'])
  return { category: category || (level ? 'cloud_essd' : undefined), level: level || undefined }
}

/** The words between commas, each once. */
function words(text: string | undefined): string[] {
  return [...new Set((text ?? '').split(',').map(word => word.trim()))].filter(word => word !== '')
}
