/**
 * The metadata service of instances, as far as it gives a RAM role's keys.
 * https://help.aliyun.com/zh/ecs/user-guide/view-instance-metadata
 */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Keys } from './keys.ts'
import { seconds } from './world.ts'

const ROLES = '/latest/meta-data/ram/security-credentials/'

export class Metadata {
  /** The role of the instance; undefined: it has none. */
  role: string | undefined = 'machine-role'
  /** Hardened: nothing is told without a token. */
  tokenRequired = false
  /** For how long keys are good, in seconds. */
  ttlS = 3600
  /** How often keys were given. */
  given = 0
  /** All requests; 'GET /latest/…'. */
  readonly asked: string[] = []
  readonly #keys: Keys
  readonly #tokens = new Set<string>()

  constructor(keys: Keys) {
    this.#keys = keys
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    const { method = '', url = '/' } = request
    this.asked.push(`${method} ${url}`)
    const answer = (status: number, text: string) =>
      void response.writeHead(status, { 'content-type': 'text/plain' }).end(text)
    if (url === '/latest/api/token') {
      const ttl = Number(request.headers['x-aliyun-ecs-metadata-token-ttl-seconds'])
      if (method !== 'PUT' || !(ttl >= 1 && ttl <= 21_600)) return answer(400, 'bad token request')
      const token = randomBytes(24).toString('base64url')
      this.#tokens.add(token)
      return answer(200, token)
    }
    const token = request.headers['x-aliyun-ecs-metadata-token']
    const isKnown = typeof token === 'string' && this.#tokens.has(token)
    if (token === undefined ? this.tokenRequired : !isKnown) return answer(403, 'Forbidden')
    if (method !== 'GET') return answer(405, 'Method Not Allowed')
    if (url === ROLES || url === ROLES.slice(0, -1))
      return this.role === undefined ? answer(404, 'not found') : answer(200, this.role)
    if (this.role !== undefined && url === ROLES + this.role) return answer(200, this.#credentials())
    answer(404, 'not found')
  }

  #credentials(): string {
    this.given += 1
    const key = this.#keys.temporary({ ttlS: this.ttlS })
    return JSON.stringify({
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      SecurityToken: key.securityToken,
      Expiration: seconds(key.expiresAt),
      LastUpdated: seconds(Date.now()),
      Code: 'Success',
    })
  }
}
