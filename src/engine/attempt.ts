/** One attempt to reach an engine over mutual TLS: checked before, with a deadline, its failure in our words. */
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

export interface TlsOptions {
  host: string
  port: number
  ca: string
  cert: string
  key: string
  minVersion: 'TLSv1.2'
}

/**
 * What `work` resolves with. Throws ENGINE_URL (no tcp:// address), ENGINE_UNREACHABLE, ENGINE_TLS, ENGINE_BAD_ANSWER, or the
 * signal's reason. `work` has to end when its signal aborts.
 */
export async function attempt<T>(
  at: EngineAddress,
  work: (options: TlsOptions, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  at.signal?.throwIfAborted()
  const { hostname, port } = addressOf(at.url)
  if ([at.ca, at.cert, at.key].some(pem => pem.trim() === ''))
    throw new MachineError('ENGINE_TLS', `there is no CA or client certificate here to speak to ${at.url} with`)
  const deadline = AbortSignal.timeout(at.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const signal = at.signal ? AbortSignal.any([at.signal, deadline]) : deadline
  const { ca, cert, key } = at
  const host = hostname.replace(/^\[|\]$/g, '')
  try {
    return await work({ host, port: Number(port || 2376), ca, cert, key, minVersion: 'TLSv1.2' }, signal)
  } catch (error) {
    if (at.signal?.aborted) throw at.signal.reason
    throw engineProblem(at.url, deadline.aborted ? { message: 'TIMEOUT' } : error)
  }
}

function addressOf(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'tcp:' && parsed.hostname !== '') return parsed
  throw new MachineError('ENGINE_URL', `"${url}" is no engine's address: it has to be tcp://host:port`)
}
