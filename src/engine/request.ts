/** One request to an engine, or to the agent in front of it, over mutual TLS, with a deadline. */
import type { IncomingMessage } from 'node:http'
import { MachineError } from '../errors.ts'
import { attempt, type EngineAddress, followSteps } from './attempt.ts'
import { sentenceOf } from './sentence.ts'

/** Far more than any engine answers to what is asked here. */
const LONGEST_ANSWER = 1_048_576

/** An answer with another status than 200. */
export class StatusError extends MachineError {
  readonly status: number
  /** The sentence that came with it; '' for none. */
  readonly sentence: string

  constructor(status: number, sentence: string, text: string) {
    super('ENGINE_BAD_ANSWER', text)
    this.status = status
    this.sentence = sentence
  }
}

/** The body of the answer. Throws as `attempt` does, and StatusError (ENGINE_BAD_ANSWER) for any status but 200. */
export async function get(at: EngineAddress, path: string): Promise<string> {
  return await ask(at, 'GET', path)
}

/** The same for a POST of a JSON value. */
export async function post(at: EngineAddress, path: string, value: unknown): Promise<string> {
  return await ask(at, 'POST', path, JSON.stringify(value))
}

async function ask(at: EngineAddress, method: string, path: string, body?: string): Promise<string> {
  const { request } = await import('node:https')
  return await attempt(at, (options, signal, way) => {
    const headers =
      body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    // Certificates and keys that cannot be read throw here, before anything is sent.
    return new Promise<string>((resolve, reject) => {
      request({ ...options, method, path, headers, agent: false, signal }, answer => {
        way.step = 'body'
        readAnswer(answer, at.url, `${method} ${path}`).then(resolve, reject)
      })
        .on('error', reject)
        .on('socket', socket => followSteps(socket, way))
        .end(body)
    })
  })
}

async function readAnswer(answer: IncomingMessage, url: string, asked: string): Promise<string> {
  let body = ''
  for await (const text of answer.setEncoding('utf8')) {
    body += text
    if (body.length > LONGEST_ANSWER)
      throw new MachineError('ENGINE_BAD_ANSWER', `${url} answers more to ${asked} than any engine does`)
  }
  if (answer.statusCode === 200) return body
  const { statusCode: status = 0 } = answer
  const sentence = sentenceOf(body)
  const told = sentence === '' ? '' : `: ${sentence}`
  throw new StatusError(status, sentence, `the engine at ${url} answered ${status} to ${asked}${told}`)
}
