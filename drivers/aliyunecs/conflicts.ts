/** Settings that cannot go together: one sentence each, before anything is asked of Alibaba Cloud. */
import { isIPv4 } from 'node:net'
import { UsageError } from '../../src/errors.ts'
import { normaliseCidr } from '../cloud/cidr.ts'
import type { EcsConfig } from './flags.ts'

type Rule = readonly [holds: (c: EcsConfig) => boolean, text: string, hint?: string]

const CATEGORIES =
  /^(cloud|cloud_efficiency|cloud_ssd|cloud_essd|cloud_auto|cloud_essd_entry|cloud_regional_disk_auto)$/

const RULES: readonly Rule[] = [
  [
    c => !!c.sshKeypair && !c.sshKeypath,
    'using --aliyunecs-ssh-keypair also requires --aliyunecs-ssh-keypath',
    'the key pair there holds the public half alone: name the file of the private one',
  ],
  [c => !!c.imageId && !!c.image, '--aliyunecs-image-id and --aliyunecs-image both say what to boot', 'leave one out'],
  [c => !within(c.internetMaxBandwidth, 0, 100), '--aliyunecs-internet-max-bandwidth: the value should be in 1 ~ 100'],
  [
    c => !!c.eip && !!c.privateAddressOnly,
    '--aliyunecs-eip is a public address, and --aliyunecs-private-address-only says to have none',
  ],
  [
    c => !!c.routeCidr && (normaliseCidr(c.routeCidr)?.family !== 4 || !c.routeCidr.includes('/')),
    'Invalid CIDR value for --aliyunecs-route-cidr',
    'as in 172.17.0.0/16',
  ],
  [c => !!c.privateIp && !isIPv4(c.privateIp), '--aliyunecs-private-ip is no IPv4 address'],
  [
    c => !!c.privateIp && !c.vswitchId,
    '--aliyunecs-private-ip is an address of a vSwitch: using it also requires --aliyunecs-vswitch-id',
  ],
  [
    c => c.diskSize !== undefined && c.diskSize !== 0 && !within(c.diskSize, 5, 65_536),
    '--aliyunecs-disk-size goes from 5 to 65536 GB, or is 0',
  ],
  [
    c => c.systemDiskSize !== undefined && !within(c.systemDiskSize, 20, 2048),
    '--aliyunecs-system-disk-size goes from 20 to 2048 GB',
  ],
  [
    c => [c.diskCategory, c.systemDiskCategory].some(word => !!word && !CATEGORIES.test(word)),
    '--aliyunecs-disk-category and --aliyunecs-system-disk-category are words like cloud_essd, cloud_auto or cloud_efficiency',
  ],
  [c => !!c.spotInterruption && !c.spot, '--aliyunecs-spot-interruption is for spot instances', 'add --aliyunecs-spot'],
  [c => !!c.spotPriceLimit && !c.spot, '--aliyunecs-spot-price-limit is for spot instances', 'add --aliyunecs-spot'],
  [
    c => !!c.spotPriceLimit && !/^\d+(\.\d{1,3})?$/.test(c.spotPriceLimit),
    '--aliyunecs-spot-price-limit is no price: it has three digits behind the point at most',
  ],
  [c => c.spotDuration !== undefined && !within(c.spotDuration, 0, 1), '--aliyunecs-spot-duration is 0 or 1'],
  [c => c.sshPort !== undefined && !within(c.sshPort, 1, 65_535), '--aliyunecs-ssh-port is no port'],
  [c => c.retries !== undefined && c.retries < -1, '--aliyunecs-retries is -1 (never) or a number of times'],
  [
    c => !!c.description && (/^https?:\/\//.test(c.description) || !within(c.description.length, 2, 256)),
    '--aliyunecs-description has 2 to 256 characters and does not begin with http://',
  ],
]

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

/** Throws UsageError for the first of them. */
export function refuseImpossible(config: EcsConfig): void {
  for (const [holds, text, hint] of RULES) if (holds(config)) throw new UsageError(text, hint ? [hint] : [])
}
