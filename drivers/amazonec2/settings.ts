/** What was asked for, settled and checked as far as that goes without asking EC2. */
import type { BlockDeviceMapping } from '@aws-sdk/client-ec2'
import { UsageError } from '../../src/errors.ts'
import { type PortRange, parsePort } from '../cloud/ports.ts'
import { parseAllowCidr } from './allow-cidr.ts'
import type { Access } from './api.ts'
import { parseMapping } from './block-devices.ts'
import { refuseImpossible } from './conflicts.ts'
import type { AccessConfig, Ec2Config } from './flags.ts'
import { FAMILY_NAMES, type Family } from './images.ts'
import { parseTags, type Tags } from './tags.ts'

/** Docker Machine's name for the group all machines share. */
export const SHARED_GROUP = 'docker-machine'
export const DEFAULT_TYPE = 't3.micro'
/** Docker Machine's; an image that needs more gets what it needs. */
export const ROOT_SIZE_GB = 16
const SSH_PORT = 22
const RETRIES = 5

export interface RootVolume {
  /** As it was typed; the image's own otherwise. */
  readonly device: string | undefined
  /** As it was typed. */
  readonly sizeGb: number | undefined
  readonly type: string
  readonly iops: number | undefined
  readonly throughput: number | undefined
  readonly encrypted: boolean
  readonly kmsKey: string | undefined
}

/** What is undefined is decided by a launch template, else by what is the default. */
export interface Settings {
  readonly access: Access
  readonly image: { readonly id: string } | { readonly family: Family } | undefined
  /** In the order to try. */
  readonly types: readonly string[] | undefined
  /** In the order to try; empty: all. */
  readonly zones: readonly string[]
  readonly vpcId: string | undefined
  readonly subnetId: string | undefined
  /** Names or ids. */
  readonly groups: readonly string[] | undefined
  readonly groupsReadonly: boolean
  readonly allow: readonly string[]
  readonly checkUrl: string | undefined
  readonly openPorts: readonly PortRange[]
  readonly tags: Tags
  readonly root: RootVolume
  /** Anything about the root volume was typed: it goes before a launch template's. */
  readonly rootTyped: boolean
  readonly mappings: readonly BlockDeviceMapping[]
  readonly iamProfile: string | undefined
  readonly ssh: { readonly port: number; readonly user: string | undefined }
  readonly key: { readonly path: string | undefined; readonly pair: string | undefined }
  readonly spot:
    | { readonly maxPrice: string | undefined; readonly interruption: 'terminate' | 'stop' | 'hibernate' }
    | undefined
  readonly privateOnly: boolean
  readonly usePrivate: boolean
  readonly ipv6: { readonly count: number; readonly only: boolean; readonly primary: boolean }
  readonly monitoring: boolean | undefined
  readonly ebsOptimised: boolean | undefined
  readonly credits: string | undefined
  readonly protect: boolean
  readonly placement: { readonly group: string | undefined; readonly tenancy: string | undefined }
  readonly metadata: {
    readonly tokens: string | undefined
    readonly hopLimit: number | undefined
    readonly endpoint: string | undefined
    readonly ipv6: string | undefined
  }
  readonly template: { readonly name: string; readonly version: string } | undefined
  readonly userDataFile: string | undefined
}

/** Throws UsageError, one sentence, for what cannot be. */
export function readSettings(config: Ec2Config): Settings {
  refuseImpossible(config)
  parseAllowCidr(config.allowCidr ?? [])
  return {
    access: readAccess(config),
    image: config.ami ? { id: config.ami } : config.image ? { family: config.image as Family } : undefined,
    types: words(config.instanceType),
    zones: words(config.zone) ?? [],
    vpcId: config.vpcId || undefined,
    subnetId: config.subnetId || undefined,
    groups: some(config.securityGroup),
    groupsReadonly: config.securityGroupReadonly ?? false,
    allow: config.allowCidr ?? [],
    checkUrl: config.checkUrl || undefined,
    openPorts: (config.openPort ?? []).map(word => parsePort(word, '--amazonec2-open-port')),
    tags: parseTags(config.tags ?? ''),
    root: readRoot(config),
    rootTyped: [config.deviceName, config.rootSize, config.volumeType, config.volumeIops, config.volumeThroughput].some(
      typed => typed !== undefined,
    ),
    mappings: (config.blockDeviceMapping ?? []).map(parseMapping),
    iamProfile: config.iamInstanceProfile || undefined,
    ssh: { port: config.sshPort ?? SSH_PORT, user: config.sshUser || undefined },
    key: { path: config.sshKeypath || undefined, pair: config.keypairName || undefined },
    spot: readSpot(config),
    privateOnly: config.privateAddressOnly ?? false,
    usePrivate: config.usePrivateAddress ?? false,
    ipv6: readIpv6(config),
    monitoring: config.monitoring,
    ebsOptimised: config.useEbsOptimizedInstance,
    credits: config.creditSpecification,
    protect: config.terminationProtection ?? false,
    placement: { group: config.placementGroup || undefined, tenancy: config.tenancy },
    metadata: {
      tokens: config.metadataToken,
      hopLimit: config.metadataTokenResponseHopLimit,
      endpoint: config.httpEndpoint,
      ipv6: config.httpProtocolIpv6,
    },
    template: readTemplate(config.launchTemplate),
    userDataFile: config.userdata || undefined,
  }
}

/** How EC2 is reached. Throws UsageError. */
export function readAccess(config: AccessConfig): Access {
  if (config.insecureTransport && !config.endpoint)
    throw new UsageError('using --amazonec2-insecure-transport also requires --amazonec2-endpoint')
  return {
    region: config.region || undefined,
    endpoint: config.endpoint || undefined,
    insecureTransport: config.insecureTransport ?? false,
    profile: config.profile || undefined,
    retries: config.retries ?? RETRIES,
  }
}

/** The family booted where nobody says which. */
export const DEFAULT_FAMILY: Family = FAMILY_NAMES[0]

function readRoot(config: Ec2Config): RootVolume {
  return {
    device: config.deviceName || undefined,
    sizeGb: config.rootSize,
    type: config.volumeType || 'gp3',
    iops: config.volumeIops,
    throughput: config.volumeThroughput,
    encrypted: config.volumeEncrypted,
    kmsKey: config.volumeKmsKey || undefined,
  }
}

function readSpot(config: Ec2Config): Settings['spot'] {
  if (!config.requestSpotInstance) return undefined
  const interruption = (config.spotInterruption ?? 'terminate') as 'terminate' | 'stop' | 'hibernate'
  return { maxPrice: config.spotPrice || undefined, interruption }
}

function readIpv6(config: Ec2Config): Settings['ipv6'] {
  const only = config.ipv6AddressOnly ?? false
  const least = config.ipv6 || only || config.enablePrimaryIpv6 ? 1 : 0
  return {
    count: Math.max(config.ipv6AddressCount ?? 0, least),
    only,
    primary: config.enablePrimaryIpv6 ?? false,
  }
}

function readTemplate(text: string | undefined): Settings['template'] {
  if (!text) return undefined
  const [, name = text, version = '$Default'] = /^([^:]+):([^:]+)$/.exec(text) ?? []
  return { name, version }
}

/** The words between commas; undefined for none. */
function words(text: string | undefined): string[] | undefined {
  return some((text ?? '').split(',').map(word => word.trim()))
}

function some(list: readonly string[] | undefined): string[] | undefined {
  const kept = [...new Set(list ?? [])].filter(word => word !== '')
  return kept.length > 0 ? kept : undefined
}
