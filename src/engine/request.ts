/** One GET to an engine over mutual TLS, with a deadline. */
import type { IncomingMessage } from 'node:http'
import { MachineError } from '../errors.ts'
import { engineProblem } from './problems.ts'

/** Docker Machine's own limit for its certificate check. */
export const DEFAULT_TIMEOUT_MS = 20_000

export interface EngineAddress {
  /** tcp://address:port */
  url: string
  /** PEM of the CA or CAs the engine's certificate must be signed by. */
  ca: string
  /** PEM of the client certificate and its key. */
  cert: string
  key: string
  timeoutMs?: number
  signal?: AbortSignal
}

/** Far more than any engine answers to what is asked here. */
const LONGEST_ANSWER = 1_048_576

/**
 * The body of the answer. Throws ENGINE_URL (no tcp:// address), ENGINE_UNREACHABLE, ENGINE_TLS, ENGINE_BAD_ANSWER, or the
 * signal's reason.
 */
export async function get(at: EngineAddress, path: string): Promise<string> {
  const { request } = await import('node:https')
  at.signal?.throwIfAborted()
  const { hostname, port } = addressOf(at.url)
  if ([at.ca, at.cert, at.key].some(pem => pem.trim() === ''))
    throw new MachineError('ENGINE_TLS', `there is no CA or client certificate here to speak to ${at.url} with`)
  const timeoutMs = at.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = at.signal ? AbortSignal.any([at.signal, deadline]) : deadline
  return await new Promise<string>((resolve, reject) => {
    const fail = (error: unknown) =>
      reject(
        at.signal?.aborted
          ? at.signal.reason
          : engineProblem(at.url, deadline.aborted ? { message: 'TIMEOUT' } : error),
      )
    const options = {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 2376),
      path,
      ca: at.ca,
      cert: at.cert,
      key: at.key,
      minVersion: 'TLSv1.2' as const,
      agent: false,
      signal,
    }
    try {
      request(options, answer => readAnswer(answer, at.url, path).then(resolve, fail))
        .on('error', fail)
        .end()
    } catch (error) {
      fail(error) // certificates and keys that cannot be read throw before anything is sent
    }
  })
}

async function readAnswer(answer: IncomingMessage, url: string, path: string): Promise<string> {
  let body = ''
  for await (const text of answer.setEncoding('utf8')) {
    body += text
    if (body.length > LONGEST_ANSWER)
      throw new MachineError('ENGINE_BAD_ANSWER', `${url} answers more to GET ${path} than any engine does`)
  }
  if (answer.statusCode === 200) return body
  throw new MachineError('ENGINE_BAD_ANSWER', `the engine at ${url} answered ${answer.statusCode} to GET ${path}`)
}

function addressOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'tcp:' && parsed.hostname !== '') return parsed
  throw new MachineError('ENGINE_URL', `"${url}" is no engine's address: it has to be tcp://host:port`)
}
