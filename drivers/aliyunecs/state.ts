/**
 * What the record holds of an instance: the old driver's fields, then ours. What the old driver does not know it drops when
 * it saves a record, so `remove` must not need ours once the instance id is there.
 */
import type { Access } from './access.ts'

export interface State {
  IPAddress: string
  MachineName: string
  SSHUser: string
  SSHPort: number

  /** 32 hex digits; the old driver's own, unused. */
  Id: string
  /** Only in records the old driver made, and kept there: ours hold no keys and no password. */
  AccessKey?: string
  SecretKey?: string
  SSHPassword?: string
  Region: string
  ImageID: string
  /** A key pair that was there before. */
  SSHKeyPair: string
  SSHPrivateKeyPath: string
  /** '' until it was launched. */
  InstanceId: string
  InstanceType: string
  PrivateIPAddress: string
  SecurityGroupId: string
  SecurityGroupName: string
  ReservationId: string
  VpcId: string
  VSwitchId: string
  Zone: string
  PrivateIPOnly: boolean
  InternetMaxBandwidthOut: number
  InternetChargeType: string
  RouteCIDR: string
  SLBID: string
  SLBIPAddress: string
  Tags: Record<string, string> | null
  DiskSize: number
  DiskFS: string
  DiskCategory: string
  Description: string
  IoOptimized: boolean
  APIEndpoint: string
  SystemDiskCategory: string
  SystemDiskSize: number
  ResourceGroupId: string

  /** The key pair made for this machine; undefined in records of the old driver, '' where one was there. */
  KeyName?: string
  Profile?: string
  RetryCount?: number
  /** Identifies the launch that is under way, or the last one. */
  ClientToken?: string
  /** ISO 8601: when that launch was asked for. */
  LaunchAsked?: string
  /** It is to have an elastic address. */
  Eip?: boolean
  /** ISO 8601: when that was asked for. */
  EipAsked?: string
  AllocationId?: string
  /** The route table that was told of RouteCIDR. */
  RouteTableId?: string
  /** The load balancer has been, or is about to be told of this instance. */
  SlbAsked?: boolean
  /** Serial number of the data disk, as the host sees it. */
  DiskSerial?: string
  StopCharging?: boolean
  /** 'Terminate' or 'Stop'; absent: no spot instance. */
  SpotInterruption?: string
}

/** How the machine's API is reached, and as whom. */
export function accessOf(state: State): Access {
  const { AccessKey, SecretKey } = state
  return {
    region: state.Region || undefined,
    endpoint: state.APIEndpoint || undefined,
    profile: state.Profile || undefined,
    retries: state.RetryCount,
    keys: AccessKey && SecretKey ? { accessKeyId: AccessKey, accessKeySecret: SecretKey } : undefined,
  }
}

/** Made by the old driver, which marked nothing, and whose `rm` gave back whatever address the instance had. */
export function isOld(state: State): boolean {
  return state.KeyName === undefined
}
