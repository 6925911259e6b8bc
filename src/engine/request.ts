/** One GET to an engine over mutual TLS, with a deadline. */
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

/** The body of the answer. Throws ENGINE_UNREACHABLE, ENGINE_TLS, ENGINE_BAD_ANSWER, or the signal's reason. */
export async function get(at: EngineAddress, path: string): Promise<string> {
  const { request } = await import('node:https')
  const { hostname, port } = new URL(at.url)
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
    const req = request(
      {
        host: hostname.replace(/^\[|\]$/g, ''),
        port: Number(port || 2376),
        path,
        ca: at.ca,
        cert: at.cert,
        key: at.key,
        minVersion: 'TLSv1.2',
        agent: false,
        signal,
      },
      answer => {
        let body = ''
        answer.setEncoding('utf8')
        answer.on('data', (text: string) => {
          body += text
        })
        answer.on('error', fail)
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(body)
          else
            fail(
              new MachineError(
                'ENGINE_BAD_ANSWER',
                `the engine at ${at.url} answered ${answer.statusCode} to GET ${path}`,
              ),
            )
        })
      },
    )
    req.on('error', fail)
    req.end()
  })
}
