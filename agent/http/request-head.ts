/** The head of a request: read strictly, and written anew for the engine, so that what was judged is what it gets. */
import { type Field, readLines, tokensOf, valuesOf } from './fields.ts'
import { readTarget, type Target } from './path.ts'
import { HttpProblem } from './problem.ts'

/** Bytes of a head. Registry credentials for a build go in one field, hence more than the usual 16 KiB. */
export const LONGEST_HEAD = 128 * 1024

export type Framing = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' }

export interface RequestHead {
  readonly method: string
  readonly target: Target
  readonly fields: readonly Field[]
  readonly framing: Framing
  /** The client ends the connection after this request. */
  readonly close: boolean
  /** The client asks for another protocol on this connection: 'tcp', 'h2c', 'websocket'. */
  readonly upgrade: string | undefined
  readonly expectsContinue: boolean
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])

/**
 * @param text the head as latin1, without the empty line at its end
 * @throws HttpProblem
 */
export function readRequestHead(text: string): RequestHead {
  const { first, fields } = readLines(text)
  const [, method = '', target = '', version] = /^([A-Za-z]+) (\S+) HTTP\/(\d\.\d)$/.exec(first) ?? []
  if (version === undefined) throw new HttpProblem(400, 'this is no HTTP request')
  if (version !== '1.1') throw new HttpProblem(505, `HTTP/${version} is not spoken here, HTTP/1.1 is`)
  if (!METHODS.has(method)) throw new HttpProblem(501, 'a method no engine knows')
  if (valuesOf(fields, 'host').length !== 1) throw new HttpProblem(400, 'a request has one Host field')
  const expect = valuesOf(fields, 'expect')
  if (expect.some(value => value.toLowerCase() !== '100-continue'))
    throw new HttpProblem(417, 'an expectation other than 100-continue')
  const connection = tokensOf(fields, 'connection')
  return {
    method,
    target: readTarget(target),
    fields,
    framing: framingOf(fields),
    close: connection.includes('close'),
    upgrade: connection.includes('upgrade') ? valuesOf(fields, 'upgrade')[0] : undefined,
    expectsContinue: expect.length > 0,
  }
}

/** Two ways to tell a body's length, or one told twice, is how requests are smuggled. */
function framingOf(fields: readonly Field[]): Framing {
  const lengths = valuesOf(fields, 'content-length')
  const encodings = valuesOf(fields, 'transfer-encoding')
  if (lengths.length + encodings.length > 1) throw new HttpProblem(400, 'the length of the body is told more than once')
  const [length] = lengths
  const [encoding] = encodings
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked') throw new HttpProblem(501, 'a transfer encoding other than chunked')
    return { kind: 'chunked' }
  }
  if (length === undefined) return { kind: 'length', bytes: 0 }
  if (!/^\d{1,15}$/.test(length)) throw new HttpProblem(400, 'a content length that is no number')
  return { kind: 'length', bytes: Number(length) }
}

/** Fields that are about this connection or about protocols the agent does not offer; they are written anew or left out. */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'content-length',
  'transfer-encoding',
])

export interface Forwarded {
  /** The engine may take the connection over: its upgrade is passed on. */
  readonly upgrade: boolean
  /** Length of a body that replaces the client's. */
  readonly bodyBytes?: number
}

/** The head for the engine, with its closing empty line. */
export function renderRequestHead(head: RequestHead, { upgrade, bodyBytes }: Forwarded): Buffer {
  const lines = [`${head.method} ${head.target.forward} HTTP/1.1`]
  for (const [name, value] of head.fields) {
    const lower = name.toLowerCase()
    if (HOP.has(lower) || (bodyBytes !== undefined && lower === 'expect')) continue
    lines.push(`${name}: ${value}`)
  }
  const bytes = bodyBytes ?? (head.framing.kind === 'length' ? head.framing.bytes : undefined)
  const told = valuesOf(head.fields, 'content-length').length > 0 || bodyBytes !== undefined
  if (bytes === undefined) lines.push('Transfer-Encoding: chunked')
  else if (told) lines.push(`Content-Length: ${bytes}`)
  if (upgrade && head.upgrade !== undefined) lines.push('Connection: Upgrade', `Upgrade: ${head.upgrade}`)
  else if (head.close) lines.push('Connection: close')
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
