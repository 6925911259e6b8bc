/** Who is at the other end of a connection: what he may ask now, where his requests go, and what is written down of them. */
import type { X509Certificate } from 'node:crypto'
import { valuesOf } from '../http/fields.ts'
import type { RequestHead } from '../http/request-head.ts'
import { AGENT_PREFIX, type Role } from '../protocol.ts'
import type { Allowed } from '../roles/verdict.ts'
import type { Client } from '../trust/client.ts'
import { type Exchange, entryOf } from './exchange.ts'
import type { Hub } from './hub.ts'
import { LIMITS } from './limits.ts'
import { jsonAnswer, type OwnAnswer } from './own.ts'

export type Admission =
  | { readonly to: 'nobody'; readonly because: string }
  /** `mostBody` in bytes; absent: as much as any body that has to be whole. */
  | { readonly to: 'agent'; readonly mostBody?: number }
  | { readonly to: 'engine'; readonly verdict: Allowed }

export class Caller {
  readonly #client: Client
  readonly #certificate: X509Certificate
  readonly #address: string
  readonly #hub: Hub

  constructor(client: Client, certificate: X509Certificate, address: string, hub: Hub) {
    this.#client = client
    this.#certificate = certificate
    this.#address = address.replace(/^::ffff:/, '')
    this.#hub = hub
  }

  /** Why he may ask nothing now. */
  get problem(): string | undefined {
    return this.#hub.problemOf(this.#client, this.#certificate)
  }

  /** His certificate's time is over. */
  get isPast(): boolean {
    return this.#client.notAfter.getTime() < Date.now()
  }

  admit({ method, target, fields }: RequestHead): Admission {
    const { role } = this.#client
    const refused = (because: string) => ({ to: 'nobody', because }) as const
    const { problem } = this
    if (problem !== undefined || role === undefined) return refused(problem ?? 'this certificate has no role')
    if (target.path.startsWith(AGENT_PREFIX))
      return { to: 'agent', ...(role === 'admin' ? {} : { mostBody: LIMITS.idleBody }) }
    // The engine reads a form in the body as if it stood in the query, which is what is judged.
    if (role !== 'admin' && valuesOf(fields, 'content-type').some(type => /x-www-form-urlencoded/i.test(type)))
      return refused('forms are for admins: the engine reads them as part of the address')
    const verdict = this.#hub.decide({ role, method, path: target.path, query: target.query })
    return verdict.allow ? { to: 'engine', verdict } : refused(verdict.message)
  }

  /** The agent's answer to a request it was admitted to. */
  async ask({ head: { method, target } }: Exchange, body: string): Promise<OwnAnswer> {
    const client = { ...this.#client, role: this.#client.role as Role }
    return await this.#hub
      .own({ method, path: target.path, body, client, certificate: this.#certificate })
      .catch((error: Error) => jsonAnswer(500, { message: error.message }))
  }

  record(x: Exchange): void {
    this.#hub.record(entryOf(x, this.#client, this.#address))
  }

  /** A head that could not be read. */
  recordBad(status: number, note: string): void {
    this.#hub.badRequest(this.#client, this.#address, status, note)
  }
}
