/** Whether the engine answers: GET /version on its socket. HTTP/1.0, so that the answer comes unchunked and ends with the connection. */
import { connect } from 'node:net'
import type { Health } from '../protocol.ts'

const DEADLINE_MS = 2000
/** Far more than any engine says of its version. */
const LONGEST = 65_536

/** Never rejects, and answers within two seconds. */
export async function askEngine(socketPath: string): Promise<Health['engine']> {
  try {
    return readVersion(await talk(socketPath))
  } catch (error) {
    return { answers: false, error: sentence(error as NodeJS.ErrnoException, socketPath) }
  }
}

class NoAnswer extends Error {}

function talk(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path })
    const timer = setTimeout(() => fail(new NoAnswer(`it did not answer within ${DEADLINE_MS / 1000} s`)), DEADLINE_MS)
    let text = ''
    const fail = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    socket.setEncoding('utf8')
    socket.on('error', fail)
    socket.on('data', (part: unknown) => {
      text += part
      if (text.length > LONGEST) fail(new NoAnswer('what answers there is no engine'))
    })
    socket.on('end', () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    })
    // Not `end`: some servers take a client that closed its side for one that went away.
    socket.write('GET /version HTTP/1.0\r\nHost: docker\r\n\r\n')
  })
}

function readVersion(answer: string): Health['engine'] {
  const head = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r\n/.exec(answer)
  if (!head) throw new NoAnswer(answer === '' ? 'it closed the connection without an answer' : NONE)
  if (head[1] !== '200') throw new NoAnswer(`it answered with status ${head[1]}`)
  const { Version, ApiVersion, MinAPIVersion } = parsed(answer.slice(answer.indexOf('\r\n\r\n') + 4))
  if (typeof Version !== 'string' || Version === '') throw new NoAnswer(NONE)
  return { answers: true, version: Version, apiVersion: word(ApiVersion), minApiVersion: word(MinAPIVersion) }
}

const NONE = 'what answers there is no engine'

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body))
  } catch {
    throw new NoAnswer(NONE)
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function sentence(error: NodeJS.ErrnoException, path: string): string {
  if (error instanceof NoAnswer) return error.message
  if (error.code === 'ENOENT') return `there is no socket ${path}: it does not run`
  if (error.code === 'ECONNREFUSED') return `nothing listens on ${path}: it does not run`
  if (error.code === 'EACCES') return `the agent may not open ${path}`
  return `${path}: ${error.message}`
}
