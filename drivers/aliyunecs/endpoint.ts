/** Regions and endpoints: checked by what they look like, for Alibaba Cloud opens regions faster than lists are kept. */
import { ALIYUN_CENTRAL_HOSTS, ALIYUN_DOMAIN, ALIYUN_HOSTS } from '../../provisioning/mirrors.ts'
import { UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { Product } from './actions.ts'

export const DEFAULT_REGION = 'cn-hangzhou'

/** cn-qingdao, cn-wulanchabu, ap-southeast-1, us-east-1, cn-shanghai-finance-1, cn-north-2-gov-1 */
const REGION = /^[a-z]{2,4}(-[a-z]+[0-9]*){1,3}(-\d{1,2})?(-(finance|gov|pop)(-\d)?)?$/

/** Throws UsageError for what can be no region. Behind an endpoint of one's own any word is one. */
export function checkRegion(region: string, hasEndpoint: boolean): void {
  if (REGION.test(region) && !isZone(region)) return
  if (hasEndpoint && /^[a-z0-9][a-z0-9-]*$/.test(region)) return
  const zone = isZone(region)
  throw new UsageError(`"${region}" is no Alibaba Cloud region`, [
    zone
      ? `it is a zone: give --aliyunecs-region ${zone} and --aliyunecs-zone ${region}`
      : 'regions are called as cn-hangzhou or ap-southeast-1: `aliyun ecs DescribeRegions` lists them',
  ])
}

/** cn-hangzhou-g, ap-southeast-1a: the region a zone is of. */
export function isZone(word: string): string | undefined {
  return /^([a-z]{2}-[a-z]+)-[a-z]$/.exec(word)?.[1] ?? /^([a-z]{2}-[a-z]+-\d+)[a-z]$/.exec(word)?.[1]
}

export function isChina(region: string): boolean {
  return region.startsWith('cn-') && region !== 'cn-hongkong'
}

/** What the variables call the endpoints, for tests and special regions. */
const VARIABLES: Readonly<Record<Product, readonly string[]>> = {
  ecs: ['ECS_ENDPOINT'],
  vpc: ['MACHINE_ALIYUNECS_VPC_ENDPOINT', 'VPC_ENDPOINT'],
  slb: ['MACHINE_ALIYUNECS_SLB_ENDPOINT', 'SLB_ENDPOINT'],
  sts: ['MACHINE_ALIYUNECS_STS_ENDPOINT', 'STS_ENDPOINT'],
}

/** URL of a product's API in a region. `given`: of ECS, what was named for it. Throws UsageError. */
export function endpointOf(product: Product, region: string, given: string | undefined, env: Ctx['env']): string {
  const named = (product === 'ecs' && given) || VARIABLES[product].map(name => env[name]).find(Boolean)
  if (named) return readEndpoint(named, product === 'ecs' ? '--aliyunecs-api-endpoint' : (VARIABLES[product][0] ?? ''))
  const special = /-(finance|gov|pop)(-|$)/.test(region) ? ALIYUN_CENTRAL_HOSTS[product] : undefined
  return `https://${ALIYUN_HOSTS[product]?.[region] ?? special ?? `${product}.${region}.${ALIYUN_DOMAIN}`}`
}

/** A URL, or a host alone, as the URL the client takes. */
export function readEndpoint(given: string, flag: string): string {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  const shown = given.replace(/\/\/[^/@]*@/, '//')
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new UsageError(`${flag} "${shown}" is no URL of an API`, [
      'give it as https://ecs.cn-beijing.aliyuncs.com, or the host alone',
    ])
  if (url.username || url.password)
    throw new UsageError(`${flag} holds a password, and it would be kept in the record`, [
      'leave out what stands before the @: the API is asked with an AccessKey',
    ])
  return url.href.replace(/\/$/, '')
}
