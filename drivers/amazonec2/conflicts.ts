/** Settings that cannot go together: one sentence each, before anything is asked of EC2. */
import { UsageError } from '../../src/errors.ts'
import type { Ec2Config } from './flags.ts'

type Rule = readonly [holds: (c: Ec2Config) => boolean, text: string, hint?: string]

const PROVISIONED = ['gp3', 'io1', 'io2']
const type = (c: Ec2Config) => c.volumeType || 'gp3'

const RULES: readonly Rule[] = [
  [
    c => !!c.keypairName && !c.sshKeypath,
    'using --amazonec2-keypair-name also requires --amazonec2-ssh-keypath',
    'the key pair at EC2 holds the public half alone: name the file of the private one',
  ],
  [c => !!c.ami && !!c.image, '--amazonec2-ami and --amazonec2-image both say what to boot', 'leave one out'],
  [
    c => c.volumeIops !== undefined && !PROVISIONED.includes(type(c)),
    '--amazonec2-volume-iops is for volumes of type gp3, io1 and io2',
  ],
  [
    c => /^io[12]$/.test(type(c)) && c.volumeIops === undefined,
    'volumes of type io1 and io2 need --amazonec2-volume-iops',
  ],
  [
    c => c.volumeThroughput !== undefined && type(c) !== 'gp3',
    '--amazonec2-volume-throughput is for volumes of type gp3',
  ],
  [
    c => !!c.volumeKmsKey && !c.volumeEncrypted,
    '--amazonec2-volume-kms-key is to encrypt with, and --amazonec2-volume-encrypted=false says not to',
  ],
  [
    c => !!c.spotInterruption && !c.requestSpotInstance,
    '--amazonec2-spot-interruption is for spot instances',
    'add --amazonec2-request-spot-instance',
  ],
  [
    c => !!c.spotPrice && !(Number(c.spotPrice) > 0),
    '--amazonec2-spot-price is no price',
    'dollars an hour, as in 0.05; without it the price on demand is the most',
  ],
  [
    c => !!c.requestSpotInstance && c.tenancy === 'host',
    'a spot instance cannot run on a dedicated host (--amazonec2-tenancy host)',
  ],
  [
    c => !!c.requestSpotInstance && !!c.terminationProtection,
    'a spot instance cannot have --amazonec2-termination-protection: EC2 may take it back at any time',
  ],
  [
    c => !!c.ipv6AddressOnly && !!c.usePrivateAddress,
    '--amazonec2-ipv6-address-only has no private IPv4 address for --amazonec2-use-private-address',
  ],
  [
    c => c.ipv6AddressCount === 0 && !!(c.ipv6 || c.ipv6AddressOnly),
    '--amazonec2-ipv6-address-count 0 is no IPv6 address',
  ],
  [c => (c.ipv6AddressCount ?? 0) < 0, '--amazonec2-ipv6-address-count cannot be negative'],
  [c => c.rootSize !== undefined && c.rootSize < 1, '--amazonec2-root-size must be at least 1 GB'],
  [c => c.sshPort !== undefined && !(c.sshPort >= 1 && c.sshPort <= 65_535), '--amazonec2-ssh-port is no port'],
  [
    c => c.metadataTokenResponseHopLimit !== undefined && !within(c.metadataTokenResponseHopLimit, 1, 64),
    '--amazonec2-metadata-token-response-hop-limit goes from 1 to 64',
  ],
  [c => c.retries !== undefined && c.retries < -1, '--amazonec2-retries is -1 (never) or a number of times'],
]

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most
}

/** Throws UsageError for the first of them. */
export function refuseImpossible(config: Ec2Config): void {
  for (const [holds, text, hint] of RULES) if (holds(config)) throw new UsageError(text, hint ? [hint] : [])
}
