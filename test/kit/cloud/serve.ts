/** The HTTP side of a cloud: ports of loopback, and what becomes of connections. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call, CallAbout, Calls } from './calls.ts'

export interface Written {
  readonly status: number
  readonly type: string
  readonly text: string
}
/** What is sent back; undefined: nothing, the connection is dropped; 'never': it stays open. */
export type Reply = Written | undefined | 'never'

export interface Listening extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly url: string
}

export interface ListenOptions {
  /** Any free one by default. */
  readonly port?: number
  /** Any free one where that is taken, too. */
  readonly orAny?: boolean
  /** Told what fails of the kit itself. */
  readonly say?: (line: string) => void
}

/** Serves on a port of 127.0.0.1 until it is disposed of. */
export async function listen(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { port = 0, orAny = false, say = console.error }: ListenOptions = {},
): Promise<Listening> {
  const server = createServer((request, response) => {
    serve(request, response).catch(error => {
      say(`the stand-in cloud failed: ${error.stack}`)
      response.destroy()
    })
  })
  // Clients keep connections for long; none of theirs is to break because ours was tired of it.
  server.keepAliveTimeout = 120_000
  const bind = (on: number) =>
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(on, '127.0.0.1', resolve))
  await bind(port).catch(error => {
    if (!orAny) throw error
    return bind(0)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

/** Records the call and answers it, unless whoever asks is killed at it. */
export async function serveCounted<A extends CallAbout>(
  about: A,
  calls: Calls<A>,
  answer: (call: A & Call) => Promise<Reply>,
  response: ServerResponse,
): Promise<void> {
  const call = calls.begin(about)
  if (calls.pass(call, 'before')) {
    call.code = 'Killed'
    response.destroy()
    return
  }
  const reply = await answer(call)
  call.ms = Date.now() - call.at
  calls.pass(call, 'after')
  send(reply, response)
}

export function send(reply: Reply, response: ServerResponse): void {
  if (reply === 'never') return
  if (reply === undefined) {
    response.destroy()
    return
  }
  response.writeHead(reply.status, { 'content-type': reply.type, 'content-length': Buffer.byteLength(reply.text) })
  response.end(reply.text)
}
