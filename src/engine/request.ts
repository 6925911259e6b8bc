/** One GET to an engine over mutual TLS, with a deadline. */
import type { IncomingMessage } from 'node:http'
import { MachineError } from '../errors.ts'
import { attempt, type EngineAddress, followSteps } from './attempt.ts'

/** Far more than any engine answers to what is asked here. */
const LONGEST_ANSWER = 1_048_576

/** The body of the answer. Throws as `attempt` does. */
export async function get(at: EngineAddress, path: string): Promise<string> {
  const { request } = await import('node:https')
  return await attempt(at, (options, signal, way) => {
    // Certificates and keys that cannot be read throw here, before anything is sent.
    return new Promise<string>((resolve, reject) => {
      request({ ...options, path, agent: false, signal }, answer => {
        way.step = 'body'
        readAnswer(answer, at.url, path).then(resolve, reject)
      })
        .on('error', reject)
        .on('socket', socket => followSteps(socket, way))
        .end()
    })
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
  const text = `the engine at ${url} answered ${answer.statusCode} to GET ${path}${wordsOf(body)}`
  throw new MachineError('ENGINE_BAD_ANSWER', text)
}

/** The message engines send with an error. */
function wordsOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown }
    return typeof message === 'string' && message !== '' ? `: ${message.replace(/\s+/g, ' ').trim()}` : ''
  } catch {
    return '' // no engine's words
  }
}
