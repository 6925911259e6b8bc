/**
 * What the record holds of an instance: Docker Machine's fields, then its forks', then ours. What docker-machine does not
 * know it drops when it saves a record, so `remove` must not need ours once the instance id is there.
 */
import type { Access } from './api.ts'

export interface State {
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number

  /** 32 hex digits; Docker Machine's own, unused. */
  Id: string
  /** Only in records Docker Machine made, and kept there: ours hold no keys. */
  AccessKey?: string
  SecretKey?: string
  SessionToken?: string
  Region: string
  AMI: string
  SSHKeyID: number
  /** The key pair was there before. */
  ExistingKey: boolean
  KeyName: string
  /** '' until it was launched. */
  InstanceId: string
  InstanceType: string
  PrivateIPAddress: string
  /** Before there were several. */
  SecurityGroupId: string
  SecurityGroupIds: string[] | null
  SecurityGroupName: string
  SecurityGroupNames: string[] | null
  SecurityGroupReadOnly: boolean
  OpenPorts: string[] | null
  /** key,value,key,value */
  Tags: string
  ReservationId: string
  DeviceName: string
  RootSize: number
  VolumeType: string
  IamInstanceProfile: string
  VpcId: string
  SubnetId: string
  /** 'a' */
  Zone: string
  RequestSpotInstance: boolean
  SpotPrice: string
  BlockDurationMinutes: number
  PrivateIPOnly: boolean
  UsePrivateIP: boolean
  UseEbsOptimizedInstance: boolean
  Monitoring: boolean
  SSHPrivateKeyPath: string
  RetryCount: number
  Endpoint: string
  DisableSSL: boolean
  UserDataFile: string

  /** Rancher's. */
  IPv6Address?: string
  Ipv6AddressOnly?: boolean
  Ipv6AddressCount?: number
  EncryptEbsVolume?: boolean
  /** GitLab's. */
  VolumeEncrypted?: boolean
  VolumeKmsKeyId?: string
  MetadataTokenSetting?: string
  MetadataTokenResponseHopLimit?: number

  /** `--amazonec2-profile`. */
  Profile?: string
  /** Identifies the launch that is under way, or the last one: with it EC2 tells what became of it. */
  ClientToken?: string
  /** ISO 8601: when that launch was asked for. */
  LaunchAsked?: string
  SpotRequestId?: string
  /** 'terminate': one-time, it cannot be stopped. */
  SpotInterruption?: string
  TerminationProtection?: boolean
  /** Of a machine that was renamed: its first name. The tags at EC2 keep it. */
  TaggedName?: string
}

/** How the machine's EC2 is reached, and as whom. */
export function accessOf(state: State): Access {
  const { AccessKey, SecretKey, SessionToken } = state
  return {
    region: state.Region || undefined,
    endpoint: state.Endpoint || undefined,
    insecureTransport: state.DisableSSL ?? false,
    profile: state.Profile || undefined,
    retries: state.RetryCount ?? 5,
    keys:
      AccessKey && SecretKey
        ? {
            accessKeyId: AccessKey,
            secretAccessKey: SecretKey,
            ...(SessionToken ? { sessionToken: SessionToken } : {}),
          }
        : undefined,
  }
}

/** Ids of the machine's security groups; the oldest records have one, elsewhere. */
export function groupIdsOf(state: State): string[] {
  return [state.SecurityGroupId, ...(state.SecurityGroupIds ?? [])].filter(id => !!id)
}

/** Their names. */
export function groupNamesOf(state: State): string[] {
  return [state.SecurityGroupName, ...(state.SecurityGroupNames ?? [])].filter(name => !!name)
}

/** A spot instance that EC2 does not let be stopped. Docker Machine's were all of this kind. */
export function cannotStop(state: State): boolean {
  return state.RequestSpotInstance === true && (state.SpotInterruption ?? 'terminate') === 'terminate'
}

/** The machine's name in the tags of what was made for it. */
export function taggedName(state: Pick<State, 'TaggedName' | 'MachineName'>): string {
  return state.TaggedName || state.MachineName
}
