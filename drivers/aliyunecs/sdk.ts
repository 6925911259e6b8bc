/**
 * The only file that names Alibaba Cloud's client, and of that only what signs and sends: its main file loads a second API
 * style with an XML parser. Load it with `await import`.
 */
import { parse as legacyParse } from 'node:url'
import RPCClient from '@alicloud/pop-core/lib/rpc.js'
// @ts-expect-error: it has no types
import createDebug from 'debug'
import type { Keys } from './access.ts'

export interface Request {
  /** http(s)://host[:port] */
  readonly endpoint: string
  readonly version: string
  readonly action: string
  /** Flat, and all of them texts. */
  readonly params: Readonly<Record<string, string>>
  readonly keys: Keys
  readonly agent: object
  readonly connectMs: number
  readonly tryMs: number
}

export interface Answer {
  readonly body: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
}

/**
 * With DEBUG=* in the environment the client's HTTP library would print what is signed, and temporary keys; and it parses
 * URLs in a way of which Node warns each process once, on its console.
 */
let silent = false
function silence(): void {
  if (silent) return
  silent = true
  const names = process.env.DEBUG
  if (names) createDebug.enable(`${names},-httpx:*`)
  const before = process.noDeprecation
  process.noDeprecation = true
  legacyParse('http://localhost')
  if (before === undefined) delete process.noDeprecation
  else process.noDeprecation = before
}

/** One signed POST. Throws what the client throws: failure.ts knows what of it may be seen. */
export async function post(request: Request): Promise<Answer> {
  silence()
  const { endpoint, version, action, params, keys, agent, connectMs, tryMs } = request
  const client = new RPCClient(
    { endpoint, apiVersion: version, ...keys },
    // @ts-expect-error: its types do not know the second argument, with which it hands out the answer's head
    true,
  )
  const [body, { response }] = await client.request<[unknown, { response: { statusCode: number; headers: object } }]>(
    action,
    params,
    // Upper case: else all that is signed would stand in the URL.
    { method: 'POST', agent, connectTimeout: connectMs, readTimeout: tryMs },
  )
  return { body, status: response.statusCode, headers: response.headers as Answer['headers'] }
}
