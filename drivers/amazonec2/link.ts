/** From settings to a client of the SDK: region, endpoint, credentials, proxy. The only place where the SDK is loaded. */

import type { Where } from '../cloud/problem.ts'
import { proxyOf } from '../cloud/proxy.ts'
import { keptFor } from '../cloud/remembered.ts'
import type { Access, ApiCtx, Limits } from './access.ts'
import { filesOf, type Source, sourceOf } from './credentials.ts'
import { checkRegion, endpointOf } from './endpoint.ts'

export interface Link {
  readonly client: InstanceType<Sdk['EC2Client']>
  readonly sdk: Sdk
  readonly source: Source
  readonly where: Where
  /** That the clock is wrong has been said. */
  clockTold: boolean
}
type Sdk = typeof import('./sdk.ts')

/**
 * Clients by the environment and the access they were made for: the calls of one command share connections, and one answer
 * to a question for a second factor.
 */
const links = keptFor<ApiCtx['env'], Link>()

export function linkFor(access: Access, ctx: ApiCtx, limits: Limits): Promise<Link> {
  const aws = Object.entries(ctx.env).filter(([name]) => /^AWS_|^HOME$|_PROXY$/i.test(name))
  const key = JSON.stringify([access, limits, aws.sort()])
  // What failed is tried anew by the next verb: the person may have logged in since.
  return links(ctx.env, key, () => makeLink(access, ctx, limits))
}

async function makeLink(access: Access, ctx: ApiCtx, limits: Limits): Promise<Link> {
  const { env } = ctx
  const ignored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true'
  const given = access.endpoint || (ignored ? undefined : env.AWS_ENDPOINT_URL_EC2 || env.AWS_ENDPOINT_URL)
  const endpoint = endpointOf(given, access.insecureTransport ?? false)
  if (access.region) checkRegion(access.region, endpoint !== undefined)
  // Node 20 would get a warning on its console from each client.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const sdk = await import('./sdk.ts')
  const region = access.region ?? (await profileRegion(access, ctx, sdk)) ?? 'us-east-1'
  checkRegion(region, endpoint !== undefined)

  const host = endpoint ? new URL(endpoint).host : `ec2.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  const proxy = proxyOf(env)
  const handler = { connectionTimeout: limits.connectMs, httpAgent: proxy.agent, httpsAgent: proxy.agent }
  const source = sourceOf(access, region, ctx, sdk, handler)
  const client = new sdk.EC2Client({
    region,
    ...(endpoint ? { endpoint } : {}),
    credentials: () => source.keys(),
    maxAttempts: 1, // repeated here, where Ctrl-C is heard and a no that is meant is known
    requestHandler: handler,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  await source.keys(ctx)
  ctx.say({ type: 'debug', text: `EC2 of ${region} at ${host}, credentials from ${source.name}` })
  const through = proxy.shown(host)
  return {
    client,
    sdk,
    source,
    clockTold: false,
    where: { region, host, source: source.name, profile: source.profile, ...(through ? { proxy: through } : {}) },
  }
}

/** The region of the profile that is used, if it names one. */
async function profileRegion(access: Access, { env }: ApiCtx, sdk: Sdk): Promise<string | undefined> {
  const profiles = await sdk.parseKnownFiles(filesOf(env)).catch(() => ({}) as Record<string, { region?: string }>)
  return profiles[access.profile ?? (env.AWS_PROFILE || 'default')]?.region || undefined
}
