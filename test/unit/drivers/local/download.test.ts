/** Downloads from a server that breaks off, forgets, changes its mind and lies. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { download } from '../../../../drivers/local/download.ts'
import { haveImage } from '../../../../drivers/local/image-cache.ts'
import type { MachineEvent } from '../../../../src/events.ts'

const CONTENT = Buffer.concat([Buffer.from('KDMV'), randomBytes(400_000)])
const DIGEST = createHash('sha256').update(CONTENT).digest('hex')

type Answer = (request: IncomingMessage, response: ServerResponse) => void
let dir: string
let server: ReturnType<typeof createServer>
let base: string
let asked: { url: string; range: string | undefined }[]
let answer: Answer
let said: MachineEvent[]

/** A server of files as they all are: ETag, Range, If-Range. `most`: the connection ends after so many bytes. */
function serve(content: Buffer, { etag = '"v1"', most = Infinity, ranges = true } = {}): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1])
    const goesOn = ranges && !Number.isNaN(start) && request.headers['if-range'] === etag
    if (goesOn && start >= content.length)
      return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end()
    const body = goesOn ? content.subarray(start) : content
    response.writeHead(goesOn ? 206 : 200, { etag, 'content-length': body.length })
    if (body.length <= most) return void response.end(body)
    response.write(body.subarray(0, most), () => response.destroy())
  }
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'machine-download-'))
  ;[asked, said] = [[], []]
  answer = serve(CONTENT)
  server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', range: request.headers.range })
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true })
})

const here = (signal = new AbortController().signal) => ({
  env: {},
  signal,
  say: (event: MachineEvent) => void said.push(event),
  point: () => {},
})
const file = () => join(dir, 'x.vmdk')
const get = (
  more: { digest?: string; signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
) =>
  download({
    url: `${base}/x.vmdk`,
    file: file(),
    digest: more.digest,
    onProgress: more.onProgress ?? (() => {}),
    ...here(more.signal),
  })

describe('a download', () => {
  test('is there under its name when it is whole, and told on the way', async () => {
    const seen: number[] = []
    expect(await get({ digest: DIGEST, onProgress: (done, total) => seen.push(done / total) })).toBe(DIGEST)
    expect(readFileSync(file()).equals(CONTENT)).toBe(true)
    expect(seen.at(-1)).toBe(1)
    expect(readdirSync(dir)).toEqual(['x.vmdk'])
  })

  test('goes on where the connection ended', async () => {
    answer = (request, response) => serve(CONTENT, { most: asked.length === 1 ? 150_000 : Infinity })(request, response)
    expect(await get()).toBe(DIGEST)
    expect(asked.map(each => each.range)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)])
  })

  test('goes on with what another process left, if it is of the same file', async () => {
    writeFileSync(`${file()}.part`, CONTENT.subarray(0, 1000))
    writeFileSync(`${file()}.part.mark`, '"v1"')
    expect(await get()).toBe(DIGEST)
    expect(asked.map(each => each.range)).toEqual(['bytes=1000-'])
  })

  test.each([
    ['the file at the server is another one now', { etag: '"v2"' }],
    ['the server knows no ranges', { ranges: false }],
  ])('begins anew where %s', async (_, options) => {
    writeFileSync(`${file()}.part`, 'of something else')
    writeFileSync(`${file()}.part.mark`, '"v1"')
    answer = serve(CONTENT, options)
    expect(await get({ digest: DIGEST })).toBe(DIGEST)
  })

  test('that is whole already is only given its name', async () => {
    writeFileSync(`${file()}.part`, CONTENT)
    writeFileSync(`${file()}.part.mark`, '"v1"')
    expect(await get({ digest: DIGEST })).toBe(DIGEST)
    expect(existsSync(`${file()}.part`)).toBe(false)
  })

  test('of another digest is thrown away', async () => {
    await expect(get({ digest: 'f'.repeat(64) })).rejects.toMatchObject({
      code: 'IMAGE_DOWNLOAD',
      message: `${base}/x.vmdk could not be downloaded: what came has the SHA-256 ${DIGEST}, and it should be ${'f'.repeat(64)}`,
    })
    expect(readdirSync(dir)).toEqual([])
  })

  test('that the server refuses is not asked for again', async () => {
    answer = (_, response) => void response.writeHead(404, 'Not Found').end()
    await expect(get()).rejects.toThrow(`${base}/x.vmdk could not be downloaded: the server answers 404 Not Found`)
    expect(asked).toHaveLength(1)
  })

  test('follows redirects, but not for ever', async () => {
    answer = (request, response) => {
      if (request.url !== '/x.vmdk') return serve(CONTENT)(request, response)
      response.writeHead(302, { location: '/elsewhere' }).end()
    }
    expect(await get()).toBe(DIGEST)
    answer = (_, response) => void response.writeHead(302, { location: '/x.vmdk' }).end()
    await expect(get()).rejects.toThrow('it leads from one address to the next')
  }, 30_000)

  test('ends with the signal’s reason, and keeps what came', async () => {
    const abort = new AbortController()
    answer = (_, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': CONTENT.length })
      response.write(CONTENT.subarray(0, 200_000))
    }
    const onProgress = () => abort.abort(new Error('enough'))
    await expect(get({ signal: abort.signal, onProgress })).rejects.toThrow('enough')
    answer = serve(CONTENT)
    expect(await get({ digest: DIGEST })).toBe(DIGEST)
    expect(asked.at(-1)?.range).toMatch(/^bytes=\d+-$/)
  })
})

describe('the cache', () => {
  const source = (more = {}) => ({
    url: `${base}/x.vmdk`,
    digest: undefined,
    needsDigest: true,
    flag: '--image',
    ...more,
  })
  const withSums: Answer = (request, response) =>
    request.url === '/SHA256SUMS' ? void response.end(`${DIGEST} *x.vmdk\n`) : serve(CONTENT)(request, response)
  const have = (from = source()) => haveImage(from, dir, here())

  test('asks for the digests, then for the image; the next time for neither', async () => {
    answer = withSums
    const image = await have()
    expect(image).toMatchObject({ kind: 'vmdk', key: DIGEST.slice(0, 16), name: `${base}/x.vmdk` })
    expect(readFileSync(image.file).equals(CONTENT)).toBe(true)
    expect(asked.map(each => each.url)).toEqual(['/SHA256SUMS', '/x.vmdk'])
    expect(await have()).toEqual(image)
    expect(asked).toHaveLength(2)
  })

  test('several at once: one downloads, the others wait and say so', async () => {
    answer = (request, response) => void setTimeout(() => withSums(request, response), 700)
    const all = await Promise.all([have(), have(), have()])
    expect(new Set(all.map(each => each.file)).size).toBe(1)
    expect(asked.map(each => each.url)).toEqual(['/SHA256SUMS', '/x.vmdk'])
    expect(
      said.filter(each => each.type === 'info' && each.text.startsWith('Waiting for another process')),
    ).toHaveLength(2)
  })

  test('after a month it asks again; without an answer the older one will do', async () => {
    answer = withSums
    const image = await have()
    const note = readdirSync(dir).find(name => name.endsWith('.json')) as string
    writeFileSync(join(dir, note), JSON.stringify({ digest: DIGEST, asked: 0 }))
    answer = (_, response) => void response.writeHead(503).end()
    expect(await have()).toEqual(image)
    expect(said.at(-1)).toMatchObject({ type: 'warn', text: expect.stringContaining('An older copy of') })
    answer = withSums
    await have()
    expect(asked.slice(2).map(each => each.url)).toEqual(['/SHA256SUMS', '/SHA256SUMS'])
  })

  test('without digests the default is refused, and anything else told of', async () => {
    answer = (request, response) =>
      request.url === '/SHA256SUMS' ? void response.writeHead(404).end() : serve(CONTENT)(request, response)
    await expect(have()).rejects.toThrow(`${base}/SHA256SUMS cannot be read: the server answers 404 Not Found`)
    expect(await have(source({ needsDigest: false }))).toMatchObject({ key: DIGEST.slice(0, 16) })
    expect(said.at(-1)).toMatchObject({ type: 'warn', text: expect.stringContaining(`It is ${DIGEST}`) })
  })

  test('a digest that was given is the one that counts', async () => {
    answer = withSums
    expect(await have(source({ digest: DIGEST }))).toMatchObject({ key: DIGEST.slice(0, 16) })
    expect(asked.map(each => each.url)).toEqual(['/x.vmdk'])
    await expect(have(source({ digest: 'e'.repeat(64) }))).rejects.toThrow('it should be eeee')
  })

  test('what is no disk is refused', async () => {
    answer = (_, response) => void response.end('<html>')
    await expect(have(source({ needsDigest: false }))).rejects.toThrow(`${base}/x.vmdk is no disk image`)
  })

  test('a note that was half written counts for nothing', async () => {
    answer = withSums
    await have()
    const note = join(dir, readdirSync(dir).find(name => name.endsWith('.json')) as string)
    writeFileSync(note, '{"dig')
    utimesSync(note, new Date(), new Date())
    expect(await have()).toMatchObject({ key: DIGEST.slice(0, 16) })
  })
})
