/** An HTTP request, through the proxies the environment names and along redirects. */
import type { IncomingMessage } from 'node:http'
import { proxyOf } from '../cloud/proxy.ts'
import type { Ctx } from '../driver.ts'

const MOST_REDIRECTS = 5
/** No byte for this long, and the connection counts as dead. */
const SILENCE_MS = 60_000
/** A list of digests has a few KB. */
const MOST_TEXT_BYTES = 1 << 20

export interface GetOptions {
  readonly env: Ctx['env']
  readonly signal: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer to a GET, its body unread; also one that says no. */
export async function get(url: string, options: GetOptions, redirects = MOST_REDIRECTS): Promise<IncomingMessage> {
  const { request, Agent } = url.startsWith('https:') ? await import('node:https') : await import('node:http')
  // The agent's type does not know `proxyEnv` yet.
  const agent = new Agent(proxyOf(options.env).agent as object)
  const { username, password, ...bare } = partsOf(url)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request(
      bare.url,
      {
        agent,
        signal: options.signal,
        headers: { 'user-agent': 'machine', ...options.headers },
        ...(username ? { auth: `${username}:${password}` } : {}),
      },
      resolve,
    )
    asking.setTimeout(SILENCE_MS, () => asking.destroy(new Error(`no answer within ${SILENCE_MS / 1000} s`)))
    asking.on('error', reject)
    asking.end()
  })
  const { statusCode = 0, headers } = answer
  if (statusCode < 300 || statusCode >= 400 || !headers.location) return answer
  answer.destroy()
  if (redirects === 0) throw new Error('it leads from one address to the next, without an end')
  return await get(new URL(headers.location, url).href, options, redirects - 1)
}

/** A small text; throws for any other status than 200. */
export async function getText(url: string, options: GetOptions): Promise<string> {
  const answer = await get(url, options)
  if (answer.statusCode !== 200) {
    answer.destroy()
    throw new Error(`the server answers ${statusOf(answer)}`)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MOST_TEXT_BYTES) throw new Error('the answer is no list of digests')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** '404 Not Found' */
export function statusOf({ statusCode, statusMessage }: IncomingMessage): string {
  return `${statusCode} ${statusMessage ?? ''}`.trim()
}

/** The URL as it may be shown: without a password. */
export function shownUrl(url: string): string {
  return partsOf(url).url
}

function partsOf(text: string): { url: string; username: string; password: string } {
  const url = new URL(text)
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href, username, password }
}
