/** One GET to an engine over mutual TLS, with a deadline. */
import type { IncomingMessage } from 'node:http'
import { MachineError } from '../errors.ts'
import { attempt, type EngineAddress } from './attempt.ts'

/** Far more than any engine answers to what is asked here. */
const LONGEST_ANSWER = 1_048_576

/** The body of the answer. Throws as `attempt` does. */
export async function get(at: EngineAddress, path: string): Promise<string> {
  const { request } = await import('node:https')
  return await attempt(at, (options, signal) => {
    // Certificates and keys that cannot be read throw here, before anything is sent.
    return new Promise<string>((resolve, reject) => {
      request({ ...options, path, agent: false, signal }, answer =>
        readAnswer(answer, at.url, path).then(resolve, reject),
      )
        .on('error', reject)
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
  throw new MachineError('ENGINE_BAD_ANSWER', `the engine at ${url} answered ${answer.statusCode} to GET ${path}`)
}
