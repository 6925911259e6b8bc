/** What all connections share. */
import type { X509Certificate } from 'node:crypto'
import type { Entry } from '../audit/entry.ts'
import type { Asked, Verdict } from '../roles/verdict.ts'
import type { Client } from '../trust/client.ts'
import type { OwnAnswer, OwnRequest } from './own.ts'

export interface Hub {
  /** The engine's socket. */
  readonly socket: string
  /** Nothing new is taken: connections end after the request they are at. */
  readonly draining: boolean
  /** Why this client may ask nothing now; asked anew for each request. */
  problemOf(client: Client, certificate: X509Certificate): string | undefined
  decide(asked: Asked): Verdict
  /** Answers the agent's own paths. */
  own(request: OwnRequest): Promise<OwnAnswer>
  record(entry: Entry): void
  /** A head that could not be read. */
  badRequest(client: Client, address: string, status: number, note: string): void
  streamOpened(): void
  streamClosed(): void
}
