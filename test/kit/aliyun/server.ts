/** The HTTP side of the cloud: an endpoint for each service, as in the real one, on ports of loopback. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Calls, newCall } from '../cloud/calls.ts'
import type { CheckService } from '../cloud/check-service.ts'
import { readBody, send, serveCounted } from '../cloud/serve.ts'
import type { Api } from './api.ts'
import type { AliyunAbout, AliyunCall } from './calls.ts'
import type { Keys } from './keys.ts'
import type { Service } from './tables/index.ts'

export interface ServerParts {
  readonly calls: Calls<AliyunAbout>
  readonly api: Api
  /** The same API for questions the tests ask by the side: neither counted nor broken. */
  readonly asides: { readonly api: Api; readonly keys: Keys }
  readonly check: CheckService
  readonly billable: () => string[]
  readonly now: () => number
}

export async function serveApi(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://cloud')
  if (service === 'ecs' && url.pathname.startsWith('/check-address')) return parts.check.serve(request, response)
  const body = await readBody(request)
  // The cloud's clock is the one whose difference clients are told.
  response.setHeader('date', new Date(parts.now()).toUTCString())
  if (service === 'ecs' && url.pathname === '/_kit/billable')
    return send({ status: 200, type: 'application/json', text: JSON.stringify(parts.billable()) }, response)
  // Query and body are one form; the signature is over both.
  const form = new URLSearchParams([...url.searchParams, ...new URLSearchParams(request.method === 'POST' ? body : '')])
  const about = {
    service,
    action: form.get('Action') ?? '',
    region: form.get('RegionId') ?? '',
    userAgent: String(request.headers['user-agent'] ?? ''),
    method: request.method ?? '',
  }
  const aside = parts.asides.keys.find(form.get('AccessKeyId') ?? '') !== undefined
  const answer = (call: AliyunCall) => (aside ? parts.asides.api : parts.api).answer(service, form, call, aside)
  if (aside) return send(await answer(newCall(about)), response)
  await serveCounted(about, parts.calls, answer, response)
}
