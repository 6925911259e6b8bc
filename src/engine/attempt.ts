/** One attempt to reach an engine over mutual TLS: checked before, with a deadline, its failure in our words. */
import { isIP, type Socket } from 'node:net'
import { MachineError } from '../errors.ts'
import { engineProblem, type Step } from './problems.ts'

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

/** How far an attempt has come. */
export interface Way {
  step: Step
}

/** Notes on `way` how far the socket of an attempt has come. */
export function followSteps(socket: Socket, way: Way): void {
  const reached = (step: Step) => () => {
    way.step = step
  }
  socket.once('lookup', reached('connect')).once('connect', reached('tls')).once('secureConnect', reached('answer'))
}

/**
 * What `work` resolves with. Throws ENGINE_URL (no tcp:// address), ENGINE_UNREACHABLE, ENGINE_TLS, ENGINE_BAD_ANSWER, or the
 * signal's reason. `work` has to end when its signal aborts, and to note how far it has come.
 */
export async function attempt<T>(
  at: EngineAddress,
  work: (options: TlsOptions, signal: AbortSignal, way: Way) => Promise<T>,
): Promise<T> {
  at.signal?.throwIfAborted()
  const { ca, cert, key } = at
  const address = hostAndPort(at.url)
  if ([ca, cert, key].some(pem => pem.trim() === ''))
    throw new MachineError('ENGINE_TLS', `there is no CA or client certificate here to speak to ${at.url} with`)
  const deadline = AbortSignal.timeout(at.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const signal = at.signal ? AbortSignal.any([at.signal, deadline]) : deadline
  const way: Way = { step: isIP(address.host) ? 'connect' : 'name' }
  try {
    return await work({ ...address, ca, cert, key, minVersion: 'TLSv1.2' }, signal, way)
  } catch (error) {
    if (at.signal?.aborted) throw at.signal.reason
    if (deadline.aborted) throw engineProblem(at.url, { message: 'TIMEOUT' }, way)
    // The error says that a date is wrong, and not which.
    const dated = /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test((error as NodeJS.ErrnoException).code ?? '')
    const shown = dated ? await (await import('./shown-certificate.ts')).shownCertificate(at) : undefined
    throw engineProblem(at.url, error, { ...way, own: cert, ...(shown ? { shown } : {}) })
  }
}

/** Where an engine's URL leads; throws ENGINE_URL for what is no tcp:// address. */
export function hostAndPort(url: string): { host: string; port: number } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'tcp:' && parsed.hostname !== '')
    return { host: parsed.hostname.replace(/^\[|\]$/g, ''), port: Number(parsed.port || 2376) }
  throw new MachineError('ENGINE_URL', `"${url}" is no engine's address: it has to be tcp://host:port`)
}
