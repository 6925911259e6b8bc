/** RunInstances for one candidate, out of the settings alone: nothing is asked and nothing is remembered. */
import type {
  BlockDeviceMapping,
  InstanceMetadataOptionsRequest,
  InstanceNetworkInterfaceSpecification,
  RunInstancesCommandInput,
  TagSpecification,
  VolumeType,
} from '@aws-sdk/client-ec2'
import type { Candidate } from './plan.ts'
import { ROOT_SIZE_GB, type Settings } from './settings.ts'
import { machineTags, tagList } from './tags.ts'
import type { Template } from './template.ts'

export interface Launch {
  /** Absent in a DryRun. */
  readonly token?: string
  readonly candidate: Candidate
  readonly groupIds: readonly string[]
  readonly keyName?: string
  /** Base64. */
  readonly userData: string | undefined
  readonly template: Template | undefined
  readonly name: string
  readonly storeId: string
}

/** A launch template gives way to what was typed, and decides what was not. */
export function launchInput(s: Settings, launch: Launch): RunInstancesCommandInput {
  const { candidate, template, token, keyName, userData } = launch
  const disks = [
    ...(rootIsOurs(s, template) ? [rootDisk(s, candidate)] : []),
    ...s.mappings.map(m => furtherDisk(s, m)),
  ]
  const metadata = metadataOptions(s, template)
  return {
    MinCount: 1,
    MaxCount: 1,
    ...(token ? { ClientToken: token } : {}),
    ...(template ? { LaunchTemplate: { LaunchTemplateId: template.id, Version: template.version } } : {}),
    ImageId: candidate.image.id,
    InstanceType: candidate.type.name as NonNullable<RunInstancesCommandInput['InstanceType']>,
    ...(keyName ? { KeyName: keyName } : {}),
    ...(userData ? { UserData: userData } : {}),
    ...network(s, launch),
    ...(disks.length > 0 ? { BlockDeviceMappings: disks } : {}),
    ...(metadata ? { MetadataOptions: metadata } : {}),
    ...(s.iamProfile ? { IamInstanceProfile: profile(s.iamProfile) } : {}),
    ...(s.monitoring === undefined ? {} : { Monitoring: { Enabled: s.monitoring } }),
    ...(s.ebsOptimised === undefined ? {} : { EbsOptimized: s.ebsOptimised }),
    ...(s.credits ? { CreditSpecification: { CpuCredits: s.credits } } : {}),
    ...(s.protect ? { DisableApiTermination: true } : {}),
    ...placement(s),
    ...market(s),
    TagSpecifications: tagSpecifications(s, launch),
  }
}

function rootIsOurs(s: Settings, template: Template | undefined): boolean {
  return s.rootTyped || !template?.hasDisks
}

/** Size of the root volume: as asked, else Docker Machine's, else what the image needs; 0 where a launch template says. */
export function rootSizeGb(s: Settings, { image }: Candidate, template: Template | undefined): number {
  if (!rootIsOurs(s, template)) return 0
  return s.root.sizeGb ?? Math.max(ROOT_SIZE_GB, image.rootSizeGb)
}

/** Device of the root volume: as asked, else the image's. */
export function rootDevice(s: Settings, { image }: Candidate): string {
  return s.root.device ?? image.rootDevice
}

function rootDisk(s: Settings, candidate: Candidate): BlockDeviceMapping {
  const { type, iops, throughput } = s.root
  return {
    DeviceName: rootDevice(s, candidate),
    Ebs: {
      VolumeSize: rootSizeGb(s, candidate, undefined),
      VolumeType: type as VolumeType,
      ...(iops === undefined ? {} : { Iops: iops }),
      ...(throughput === undefined ? {} : { Throughput: throughput }),
      ...encryption(s),
      DeleteOnTermination: true,
    },
  }
}

function furtherDisk(s: Settings, mapping: BlockDeviceMapping): BlockDeviceMapping {
  if (!mapping.Ebs) return mapping
  const ours = mapping.Ebs.Encrypted === undefined ? encryption(s) : {}
  return { ...mapping, Ebs: { VolumeType: 'gp3', DeleteOnTermination: true, ...ours, ...mapping.Ebs } }
}

/** Left out where it was switched off: an account that encrypts by default still does. */
function encryption({ root }: Settings) {
  return root.encrypted ? { Encrypted: true, ...(root.kmsKey ? { KmsKeyId: root.kmsKey } : {}) } : {}
}

function metadataOptions({ metadata }: Settings, template: Template | undefined) {
  const or = <T>(typed: T | undefined, ours: T) => typed ?? (template?.hasMetadata ? undefined : ours)
  // EC2 takes nothing beside this word.
  if (metadata.endpoint === 'disabled') return { HttpEndpoint: 'disabled' as const }
  const options = {
    HttpTokens: or(metadata.tokens, 'required'),
    HttpPutResponseHopLimit: or(metadata.hopLimit, 1),
    HttpEndpoint: or(metadata.endpoint, 'enabled'),
    HttpProtocolIpv6: metadata.ipv6,
  }
  const said = Object.entries(options).filter(([, value]) => value !== undefined)
  return said.length > 0 ? (Object.fromEntries(said) as InstanceMetadataOptionsRequest) : undefined
}

/** Groups and interfaces exclude each other in one request, and a template's count. */
function network(s: Settings, { candidate, groupIds, template }: Launch): Partial<RunInstancesCommandInput> {
  const { subnet } = candidate
  const groups = groupIds.length > 0 ? [...groupIds] : undefined
  if (template?.plainGroups)
    return {
      SubnetId: subnet.id,
      ...(groups ? { SecurityGroupIds: groups } : {}),
      ...(s.ipv6.count > 0 ? { Ipv6AddressCount: s.ipv6.count } : {}),
      ...(s.ipv6.primary ? { EnablePrimaryIpv6: true } : {}),
    }
  const nic: InstanceNetworkInterfaceSpecification = {
    DeviceIndex: 0,
    SubnetId: subnet.id,
    DeleteOnTermination: true,
    ...(groups ? { Groups: groups } : {}),
    ...(subnet.ipv6Native ? {} : { AssociatePublicIpAddress: !s.privateOnly && !s.ipv6.only }),
    ...(s.ipv6.count > 0 ? { Ipv6AddressCount: s.ipv6.count } : {}),
    ...(s.ipv6.primary ? { PrimaryIpv6: true } : {}),
  }
  return { NetworkInterfaces: [nic] }
}

function profile(text: string) {
  return text.startsWith('arn:') ? { Arn: text } : { Name: text }
}

function placement({ placement: { group, tenancy } }: Settings): Partial<RunInstancesCommandInput> {
  if (!group && !tenancy) return {}
  return {
    Placement: {
      ...(group ? { GroupName: group } : {}),
      ...(tenancy ? { Tenancy: tenancy as 'default' | 'dedicated' | 'host' } : {}),
    },
  }
}

/** A request that stays open launches again what EC2 took back; a one-time one ends with its instance. */
function market({ spot }: Settings): Partial<RunInstancesCommandInput> {
  if (!spot) return {}
  return {
    InstanceMarketOptions: {
      MarketType: 'spot',
      SpotOptions: {
        ...(spot.maxPrice ? { MaxPrice: spot.maxPrice } : {}),
        SpotInstanceType: spot.interruption === 'terminate' ? 'one-time' : 'persistent',
        InstanceInterruptionBehavior: spot.interruption,
      },
    },
  }
}

function tagSpecifications(s: Settings, { name, storeId, template }: Launch): TagSpecification[] {
  const kinds = ['instance', 'volume', 'network-interface', ...(s.spot ? ['spot-instances-request'] : [])] as const
  return kinds.map(kind => ({
    ResourceType: kind as NonNullable<TagSpecification['ResourceType']>,
    Tags: tagList({ ...template?.tags[kind], ...machineTags(s.tags, name, storeId) }),
  }))
}
