/** The agent's own paths: health, metrics, and the renewal of certificates. */
import { hostname } from 'node:os'
import { type Health, PATHS, type TrustChange } from './protocol.ts'
import { jsonAnswer, type OwnAnswer, type OwnRequest } from './relay/own.ts'
import { TrustProblem } from './trust/judge.ts'
import type { Trust } from './trust/trust.ts'

export interface Endpoints {
  readonly trust: Trust
  health(request: OwnRequest): Promise<Health>
  metrics(request: OwnRequest): Promise<string>
}

interface Endpoint {
  readonly methods: readonly string[]
  readonly admin: boolean
  answer(request: OwnRequest, e: Endpoints): Promise<OwnAnswer>
}

const TABLE: Readonly<Record<string, Endpoint>> = {
  [PATHS.health]: {
    methods: ['GET', 'HEAD'],
    admin: false,
    answer: async (request, e) => jsonAnswer(200, await e.health(request)),
  },
  [PATHS.metrics]: {
    methods: ['GET', 'HEAD'],
    admin: false,
    answer: async (request, e) => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: await e.metrics(request),
    }),
  },
  [PATHS.csr]: {
    methods: ['POST'],
    admin: true,
    answer: async (_request, { trust }) => jsonAnswer(200, await trust.newKey(hostname())),
  },
  [PATHS.certs]: {
    methods: ['GET', 'HEAD', 'POST'],
    admin: true,
    answer: async ({ method, body, certificate }, { trust }) =>
      jsonAnswer(200, method === 'POST' ? await trust.change(readChange(body), certificate) : trust.state()),
  },
}

export async function answerOwn(request: OwnRequest, e: Endpoints): Promise<OwnAnswer> {
  const { method, path, client } = request
  const endpoint = Object.hasOwn(TABLE, path) ? TABLE[path] : undefined
  // Not 404: that is what an engine without an agent answers to such a path.
  if (!endpoint) return jsonAnswer(400, { message: `the agent has no ${path}` })
  if (!endpoint.methods.includes(method))
    return jsonAnswer(405, { message: `${path} takes ${endpoint.methods.join(', ')}` })
  if (endpoint.admin && client.role !== 'admin')
    return jsonAnswer(403, {
      message: `${path} is for admins, and this certificate is a ${client.role}'s`,
    })
  try {
    return await endpoint.answer(request, e)
  } catch (error) {
    if (error instanceof TrustProblem) return jsonAnswer(400, { message: error.message })
    throw error
  }
}

const PARTS = { ca: 'string', cross: 'string', cert: 'string', revoked: 'object' } as const

function readChange(text: string): TrustChange {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TrustProblem('the change is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TrustProblem('the change is no JSON object')
  for (const [key, part] of Object.entries(value)) {
    const type = Object.hasOwn(PARTS, key) ? PARTS[key as keyof typeof PARTS] : undefined
    if (part === null || typeof part !== type) throw new TrustProblem(`the change has a part "${key}" that cannot be`)
  }
  return value as TrustChange
}
