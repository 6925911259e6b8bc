/** Requests the agent answers itself. */
import type { X509Certificate } from 'node:crypto'
import type { Role } from '../protocol.ts'
import type { Client } from '../trust/client.ts'

export interface OwnRequest {
  readonly method: string
  /** Normalised; begins with AGENT_PREFIX. */
  readonly path: string
  readonly body: string
  readonly client: Client & { readonly role: Role }
  readonly certificate: X509Certificate
}

export interface OwnAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
}

export function jsonAnswer(status: number, value: unknown): OwnAnswer {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` }
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Content Too Large',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  505: 'HTTP Version Not Supported',
}

/** The whole answer as bytes. */
export function renderOwn(
  { status, type, body }: OwnAnswer,
  { close, head }: { close: boolean; head: boolean },
): Buffer {
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(close ? ['Connection: close'] : []),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${head ? '' : body}`)
}
