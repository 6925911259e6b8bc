/** The check `env` makes before it prints. It runs in every new shell, so node:http is not loaded for it. */
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { MachineError } from '../errors.ts'
import { attempt, type EngineAddress, followSteps } from './attempt.ts'
import { engineProblem } from './problems.ts'

const PATH = '/_ping'
/** A server that sends more than this before the end of its first line speaks no HTTP. */
const LONGEST_LINE = 4096

/**
 * Resolves when both sides accepted each other. With TLS 1.3 a client learns that its certificate was refused only when it
 * reads, so one small request goes with the handshake. Throws as `attempt` does.
 */
export async function tlsHandshake(at: EngineAddress): Promise<void> {
  await attempt(at, async (options, signal, way) => {
    const servername = isIP(options.host) ? {} : { servername: options.host }
    const socket = connect({ ...options, ...servername, ALPNProtocols: ['http/1.1'] })
    followSteps(socket, way)
    try {
      checkAnswer(at.url, await firstLine(socket, options.host, signal))
    } finally {
      socket.destroy()
    }
  })
}

function firstLine(socket: TLSSocket, host: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('error', reject)
    socket.on('close', () => reject(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })))
    socket.on('data', (part: string) => {
      text += part
      if (text.includes('\n') || text.length > LONGEST_LINE) resolve(text)
    })
    socket.once('secureConnect', () =>
      socket.write(
        `GET ${PATH} HTTP/1.1\r\nHost: ${host.includes(':') ? `[${host}]` : host}\r\nConnection: close\r\n\r\n`,
      ),
    )
  })
}

function checkAnswer(url: string, text: string): void {
  const code = /^HTTP\/1\.[01] (\d{3})\b/.exec(text)?.[1]
  if (code === '200') return
  if (code === undefined) throw engineProblem(url, { message: 'Parse Error' }, { step: 'answer' })
  throw new MachineError('ENGINE_BAD_ANSWER', `the engine at ${url} answered ${code} to GET ${PATH}`)
}
