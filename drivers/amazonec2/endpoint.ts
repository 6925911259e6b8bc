/** Region, partition and endpoint: checked by what they look like, for AWS opens regions faster than lists are kept. */
import { UsageError } from '../../src/errors.ts'

/** Who runs the region; image owners and the endings of names depend on it. */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-eusc'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f'

const PARTITIONS: readonly (readonly [RegExp, Partition])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^eusc-/, 'aws-eusc'],
  [/^us-iso-/, 'aws-iso'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^eu-isoe-/, 'aws-iso-e'],
  [/^us-isof-/, 'aws-iso-f'],
]

/** us-east-1, us-gov-west-1, eusc-de-east-1 */
const REGION = /^[a-z]{2,4}(-[a-z]+){1,3}-\d{1,2}$/

export function partitionOf(region: string): Partition {
  return PARTITIONS.find(([pattern]) => pattern.test(region))?.[1] ?? 'aws'
}

/** Throws UsageError for what can be no region. Behind an endpoint of one's own any word is one. */
export function checkRegion(region: string, hasEndpoint: boolean): void {
  if (REGION.test(region) || (hasEndpoint && /^[a-z0-9][a-z0-9-]*$/.test(region))) return
  const zone = /^(.*\d)-?[a-z]$/.exec(region)?.[1]
  throw new UsageError(`"${region}" is no AWS region`, [
    ...(zone && REGION.test(zone)
      ? [`it is a zone: give --amazonec2-region ${zone} and --amazonec2-zone ${region.at(-1)}`]
      : ['regions are called as us-east-1 or eu-central-1: `aws ec2 describe-regions` lists them']),
  ])
}

/**
 * The URL of the API where the user named one: a URL, or a host alone as Docker Machine took it. Undefined: the SDK knows.
 * Throws UsageError for what is no such URL, and for http that was asked for without naming a host.
 */
export function endpointOf(given: string | undefined, insecure: boolean): string | undefined {
  if (!given) {
    if (insecure) throw new UsageError('using --amazonec2-insecure-transport also requires --amazonec2-endpoint')
    return undefined
  }
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `${insecure ? 'http' : 'https'}://${given}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new UsageError(`--amazonec2-endpoint "${withoutPassword(given)}" is no URL of an API`, [
      'give it as https://ec2.eu-central-1.amazonaws.com, or the host alone',
    ])
  if (url.username || url.password)
    throw new UsageError('--amazonec2-endpoint holds a password, and it would be kept in the record', [
      'leave out what stands before the @: the API is asked with AWS credentials',
    ])
  return url.href.replace(/\/$/, '')
}

function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//')
}
