/** Speaks HTTP to an engine's port with a certificate that lies in a folder; over one connection that stays, or new ones. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:https'
import { join } from 'node:path'

export interface Identity {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  /** Whether it came over a connection that had carried a request before. */
  readonly reused: boolean
  /** The answer's body as JSON. */
  json(): Record<string, unknown>
}

export interface EngineClient extends Disposable {
  [Symbol.dispose](): void
  /** Rejects where there is no answer. `body` is sent as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
}

/** What `cert issue -o FOLDER` wrote, or a machine's folder in the store, whose files are replaced one after the other. */
export function identityIn(folder: string): Identity {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  for (;;) {
    const it = { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') }
    if (new X509Certificate(it.cert).checkPrivateKey(createPrivateKey(it.key))) return it
  }
}

/** All requests go over one connection for as long as it lasts, one after the other. */
export function keptAlive(address: string, identity: Identity): EngineClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 })
  return {
    ask: (method, path, body) => ask({ address, identity, agent }, method, path, body),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/** One request over a connection of its own. */
export async function askOnce(address: string, identity: Identity, path: string, method = 'GET', body?: unknown) {
  using client = keptAlive(address, identity)
  return await client.ask(method, path, body)
}

interface Way {
  readonly address: string
  readonly identity: Identity
  readonly agent: Agent
}

function ask({ address, identity, agent }: Way, method: string, path: string, body: unknown): Promise<Answer> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers = text === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const asking = request({ ...identity, agent, host: address, port: 2376, method, path, headers, timeout: 20_000 })
    asking.on('timeout', () => asking.destroy(new Error(`no answer to ${method} ${path} in 20 s`)))
    asking.on('error', reject)
    asking.on('response', answer => {
      let said = ''
      answer.setEncoding('utf8').on('data', (more: string) => {
        said += more
      })
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          text: said,
          reused: asking.reusedSocket,
          json: () => JSON.parse(said),
        }),
      )
    })
    asking.end(text)
  })
}
