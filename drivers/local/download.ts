/**
 * A large file over HTTP, into FILE.part first. What a lost connection or a dead process left is gone on with, if the
 * server's file is still the same one; FILE appears when it is whole and its digest is right.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { MachineError, messageOf } from '../../src/errors.ts'
import { sleep } from '../cloud/wait.ts'
import { type GetOptions, get, shownUrl, statusOf } from './get.ts'

/** In a row, without a single byte between them. */
const MOST_FAILURES = 4
const PAUSE_MS = 1500

export interface DownloadAsk extends GetOptions {
  readonly url: string
  readonly file: string
  /** SHA-256 it must have; undefined: there is nothing to compare it with. */
  readonly digest: string | undefined
  onProgress(done: number, total: number): void
}

/** Its SHA-256. Throws IMAGE_DOWNLOAD, or the signal's reason; what came so far is kept. */
export async function download(ask: DownloadAsk): Promise<string> {
  const part = `${ask.file}.part`
  for (let failures = 0, before = await sizeOf(part); ; ) {
    try {
      await fetchRest(ask, part)
      break
    } catch (error) {
      ask.signal.throwIfAborted()
      const now = await sizeOf(part)
      failures = now > before ? 0 : failures + 1
      before = now
      if (failures >= MOST_FAILURES || error instanceof Refused) throw failed(ask, messageOf(error), error)
      await sleep(PAUSE_MS, ask.signal)
    }
  }
  const digest = await sha256(part, ask.signal)
  if (ask.digest !== undefined && digest !== ask.digest) {
    await forget(part)
    throw failed(ask, `what came has the SHA-256 ${digest}, and it should be ${ask.digest}`)
  }
  await rename(part, ask.file)
  await rm(markOf(part), { force: true })
  return digest
}

/** SHA-256 of a file, in hex. */
export async function sha256(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash, { signal })
  return hash.digest('hex')
}

/** The server said no: asking again changes nothing. */
class Refused extends Error {}

async function fetchRest(ask: DownloadAsk, part: string): Promise<void> {
  const have = await sizeOf(part)
  const mark = await readFile(markOf(part), 'utf8').catch(() => '')
  // Without If-Range the rest of another file could be put behind the beginning of this one.
  const going = have > 0 && mark !== ''
  const headers = going ? { range: `bytes=${have}-`, 'if-range': mark } : {}
  const answer = await get(ask.url, { ...ask, headers })
  try {
    if (answer.statusCode === 416 && going) return await checkWhole(answer, have, part)
    if (answer.statusCode !== 200 && answer.statusCode !== 206) throw refusal(answer)
    const start = answer.statusCode === 206 ? have : 0
    if (start === 0) await writeFile(markOf(part), validatorOf(answer))
    await store(answer, part, start, ask)
  } finally {
    answer.destroy()
  }
}

/** All of it was there already, and only the renaming was not done. */
async function checkWhole(answer: IncomingMessage, have: number, part: string): Promise<void> {
  const total = Number(/\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1])
  if (total === have) return
  await forget(part)
  throw new Error('the file at the server is another one now')
}

async function store(answer: IncomingMessage, part: string, start: number, ask: DownloadAsk): Promise<void> {
  const length = Number(answer.headers['content-length'] ?? Number.NaN)
  const total = start + (Number.isNaN(length) ? 0 : length)
  let done = start
  // Each chunk is in the file before the next is taken: a connection that ends takes none of them with it.
  await using into = await open(part, start > 0 ? 'a' : 'w', 0o644)
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    await into.write(chunk)
    done += chunk.length
    ask.onProgress(done, total)
  }
  if (!Number.isNaN(length) && done < total) throw new Error(`the connection ended after ${done} of ${total} bytes`)
}

/** A strong ETag, else the time of the last change: what If-Range takes. '' if there is neither. */
function validatorOf({ headers }: IncomingMessage): string {
  const tag = headers.etag
  return tag && !tag.startsWith('W/') ? tag : (headers['last-modified'] ?? '')
}

function refusal(answer: IncomingMessage): Error {
  const text = `the server answers ${statusOf(answer)}`
  return (answer.statusCode ?? 0) >= 500 ? new Error(text) : new Refused(text)
}

function failed({ url, digest }: DownloadAsk, why: string, cause?: unknown): MachineError {
  const hints = /SHA-256/.test(why)
    ? [
        'it may have been changed just now: try again',
        ...(digest ? ['or the digest that was given is of another file'] : []),
      ]
    : [
        'what came so far is kept: the next try goes on from there',
        'or name an image that is there, as a file or a URL',
      ]
  return new MachineError('IMAGE_DOWNLOAD', `${shownUrl(url)} could not be downloaded: ${why}`, { hints, cause })
}

async function forget(part: string): Promise<void> {
  await Promise.all([rm(part, { force: true }), rm(markOf(part), { force: true })])
}

/** The server's mark of the file whose beginning lies in `part`. */
function markOf(part: string): string {
  return `${part}.mark`
}

async function sizeOf(file: string): Promise<number> {
  return await stat(file).then(
    ({ size }) => size,
    () => 0,
  )
}
