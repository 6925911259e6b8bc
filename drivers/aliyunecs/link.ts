/** From settings to signed requests: region, endpoints, credentials, proxy. The only place where the client is loaded. */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Where } from '../cloud/problem.ts'
import { proxyOf } from '../cloud/proxy.ts'
import { keptFor } from '../cloud/remembered.ts'
import type { Access, ApiCtx, Keys, Limits } from './access.ts'
import { type Product, VERSIONS } from './actions.ts'
import { type Assume, type Source, sourceOf } from './credentials.ts'
import { checkRegion, DEFAULT_REGION, endpointOf } from './endpoint.ts'
import type { Answer } from './sdk.ts'

export interface Link {
  readonly source: Source
  readonly region: string
  where(product: Product): Where
  /** One signed POST with these keys. */
  send(product: Product, action: string, params: Readonly<Record<string, string>>, keys: Keys): Promise<Answer>
  /** Our clock plus this is the provider's, in milliseconds. */
  clockOffsetMs: number
}

/** How the role of a profile is taken: by a call, which itself needs the link. */
export type AssumeBy = (link: Link, ...ask: Parameters<Assume>) => Promise<Keys>

/** Links by the environment and the access they were made for: the calls of one command share connections and keys. */
const links = keptFor<ApiCtx['env'], Link>()

export function linkFor(access: Access, ctx: ApiCtx, limits: Limits, assume: AssumeBy): Promise<Link> {
  const known = /^(ECS|VPC|SLB|STS|ALIBABA_CLOUD|ALIYUN|ALICLOUD|MACHINE_ALIYUNECS)_|^HOME$|_PROXY$/i
  const relevant = Object.entries(ctx.env).filter(([name]) => known.test(name))
  const key = JSON.stringify([access, limits, relevant.sort()])
  // What failed is tried anew by the next verb.
  return links(ctx.env, key, () => makeLink(access, ctx, limits, assume))
}

async function makeLink(access: Access, ctx: ApiCtx, limits: Limits, assume: AssumeBy): Promise<Link> {
  const { env } = ctx
  const sdk = import('./sdk.ts')
  const given = access.endpoint || env.ECS_ENDPOINT
  if (access.region) checkRegion(access.region, !!given)
  const proxy = proxyOf(env)
  const options = { keepAlive: true, ...proxy.agent }
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
  const endpoint = (product: Product) => endpointOf(product, link.region, access.endpoint, env)
  const send: Link['send'] = async (product, action, params, keys) => {
    const url = endpoint(product)
    return await (await sdk).post({
      endpoint: url,
      version: VERSIONS[product],
      action,
      params,
      keys,
      agent: url.startsWith('https:') ? agents.https : agents.http,
      connectMs: limits.connectMs,
      tryMs: limits.tryMs,
    })
  }
  const source = await sourceOf(access, ctx, (keys, profile) => assume(link, keys, profile))
  const region = access.region ?? source.region ?? DEFAULT_REGION
  checkRegion(region, !!given)
  const where = (product: Product): Where => {
    const host = new URL(endpoint(product)).host
    const through = proxy.shown(host)
    return {
      region,
      host,
      source: source.name,
      ...(source.profile ? { profile: source.profile } : {}),
      ...(through ? { proxy: through } : {}),
    }
  }
  const link: Link = { source, region, where, send, clockOffsetMs: 0 }
  for (const product of ['ecs', 'vpc', 'slb', 'sts'] as const) endpoint(product) // what is no URL is said now
  await source.keys(ctx.signal)
  ctx.say({ type: 'debug', text: `ECS of ${region} at ${where('ecs').host}, credentials from ${source.name}` })
  return link
}
