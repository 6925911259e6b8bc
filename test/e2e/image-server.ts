/** An HTTP server with one image and its SHA256SUMS, as distributions have them. */
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'

export interface ImageServer extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
  readonly url: string
  /** Paths that were asked for. */
  readonly asked: readonly string[]
}

export async function serveImage(file: string): Promise<ImageServer> {
  const name = basename(file)
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/SHA256SUMS') return void response.end(`${digest} *${name}\n`)
    if (request.url !== `/${name}`) return void response.writeHead(404).end()
    response.writeHead(200, { etag: `"${digest}"`, 'content-length': statSync(file).size })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
