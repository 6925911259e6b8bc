/** An API of EC2's form on this computer's loopback: answers what a test tells it to, and keeps what it was asked. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Answer {
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Never answers, or breaks the connection off instead. */
  readonly instead?: 'hang' | 'break' | 'half'
}

export interface Asked {
  readonly action: string
  readonly path: string
  readonly params: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

export interface LoopbackApi extends AsyncDisposable {
  readonly url: string
  readonly asked: Asked[]
  /** Answers in this order; the last one again and again. */
  answer(...answers: Answer[]): void
}

export async function loopbackApi(host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<LoopbackApi> {
  const asked: Asked[] = []
  let answers: Answer[] = [{}]
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const params = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
    asked.push({ action: params.get('Action') ?? '', path: request.url ?? '', params, headers: request.headers })
    const {
      status = 200,
      body = '<R/>',
      headers = {},
      instead,
    } = (answers.length > 1 ? answers.shift() : answers[0]) as Answer
    if (instead === 'hang') return
    if (instead === 'break') return void request.socket.destroy()
    response.writeHead(status, { 'content-type': 'text/xml', ...headers })
    if (instead === 'half') return void response.write(body)
    response.end(body)
  })
  server.listen(0, host)
  await once(server, 'listening')
  return {
    url: `http://${host === '::1' ? '[::1]' : host}:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (...list) => {
      answers = list
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An error as EC2 sends it. */
export function failing(code: string, message: string, status = 400, headers: Record<string, string> = {}): Answer {
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${escaped(message)}</Message>` +
    '</Error></Errors><RequestID>7f1d2a3c-0000-4000-8000-000000000001</RequestID></Response>'
  return { status, body, headers }
}

export function vpcs(...ids: string[]): Answer {
  const items = ids.map(id => `<item><vpcId>${id}</vpcId><isDefault>true</isDefault></item>`).join('')
  return {
    body:
      '<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>7f1d2a3c</requestId>' +
      `<vpcSet>${items}</vpcSet></DescribeVpcsResponse>`,
  }
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}
