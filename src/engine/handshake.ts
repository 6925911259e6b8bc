/** The check `env` makes before it prints. It runs in every new shell, so node:http is not loaded for it. */
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { MachineError } from '../errors.ts'
import { attempt, type EngineAddress, followSteps } from './attempt.ts'
import { engineProblem } from './problems.ts'
import { sentenceOf } from './sentence.ts'

const PATH = '/_ping'
/** A server that sends more than this before the end of its first line speaks no HTTP. */
const LONGEST_LINE = 4096

/**
 * Resolves when both sides accepted each other. With TLS 1.3 a client learns that its certificate was refused only when it
 * reads, so one small request goes with the handshake. Returns when the engine's certificate ends, in Node's words. Throws
 * as `attempt` does.
 */
export async function tlsHandshake(at: EngineAddress): Promise<string> {
  return await attempt(at, async (options, signal, way) => {
    const servername = isIP(options.host) ? {} : { servername: options.host }
    const socket = connect({ ...options, ...servername, ALPNProtocols: ['http/1.1'] })
    followSteps(socket, way)
    try {
      checkAnswer(at.url, await firstLine(socket, options.host, signal))
      return socket.getPeerCertificate().valid_to
    } finally {
      socket.destroy()
    }
  })
}

/** The first line of an answer, and all of one that is no 200, as far as it is sent. */
function firstLine(socket: TLSSocket, host: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('end', () => text.includes('\n') && resolve(text))
    socket.on('close', () => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })))
    socket.on('data', (part: string) => {
      text += part
      if (enough(text)) resolve(text)
    })
    socket.once('secureConnect', () =>
      socket.write(
        `GET ${PATH} HTTP/1.1\r\nHost: ${host.includes(':') ? `[${host}]` : host}\r\nConnection: close\r\n\r\n`,
      ),
    )
  })
}

/** The line that says 200, or what is no HTTP; of a refusal all, for its sentence. */
function enough(text: string): boolean {
  if (text.length > LONGEST_LINE) return true
  if (!text.includes('\n') || !/^HTTP\/1\.[01] (?!200)\d{3}\b/.test(text)) return text.includes('\n')
  const [head = '', body] = text.split('\r\n\r\n', 2)
  const length = /^content-length: *(\d+)/im.exec(head)?.[1]
  return body !== undefined && length !== undefined && body.length >= Number(length)
}

function checkAnswer(url: string, text: string): void {
  const code = /^HTTP\/1\.[01] (\d{3})\b/.exec(text)?.[1]
  if (code === '200') return
  if (code === undefined) throw engineProblem(url, { message: 'Parse Error' }, { step: 'answer' })
  const said = sentenceOf(Buffer.from(text.split('\r\n\r\n', 2)[1] ?? '', 'latin1').toString('utf8'))
  const why = said === '' ? '' : `: ${said}`
  throw new MachineError('ENGINE_BAD_ANSWER', `the engine at ${url} answered ${code} to GET ${PATH}${why}`)
}
