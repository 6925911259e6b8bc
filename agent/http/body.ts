/** Where a body ends. The bytes themselves are looked at no more than that takes: they pass as they come. */
import { HttpProblem } from './problem.ts'

export interface BodyEnd {
  /** How many bytes at the beginning of `bytes` belong to the body. */
  take(bytes: Buffer): number
  readonly done: boolean
}

export function ofLength(total: number): BodyEnd {
  let left = total
  return {
    take(bytes) {
      const used = Math.min(left, bytes.length)
      left -= used
      return used
    },
    get done() {
      return left === 0
    },
  }
}

/** Until the connection ends. */
export const untilClose: BodyEnd = { take: bytes => bytes.length, done: false }

const CR = 13
const LF = 10
/** A chunk's size line: 8 hexadecimal digits are 4 GiB, far more than anybody sends as one chunk. */
const LONGEST_SIZE = 8
/** Trailers of an answer. */
const LONGEST_LINE = 8192

/**
 * Chunked coding (RFC 9112, 7.1). `strict`, for what clients send: no extensions and no trailers, whose meaning readers
 * differ on; nobody who speaks to an engine uses them.
 */
export function chunked(strict: boolean): BodyEnd {
  let state: 'size' | 'data' | 'data-end' | 'trailer' | 'done' = 'size'
  let line = ''
  let left = 0

  /** Reads a line on from `at`; returns where it ends, -1 if it goes on in the next bytes. */
  const readLine = (bytes: Buffer, at: number): number => {
    const lf = bytes.indexOf(LF, at)
    const end = lf < 0 ? bytes.length : lf + 1
    if (line.length + end - at > (strict ? LONGEST_SIZE + 2 : LONGEST_LINE))
      throw new HttpProblem(400, 'a line of a chunked body is too long')
    line += bytes.toString('latin1', at, end)
    if (lf < 0) return -1
    if (!line.endsWith('\r\n')) throw new HttpProblem(400, 'a line of a chunked body does not end in CR LF')
    return end
  }
  const sizeRead = () => {
    const [, digits] = (strict ? /^([0-9A-Fa-f]{1,8})\r\n$/ : /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?\r\n$/).exec(line) ?? []
    if (digits === undefined) throw new HttpProblem(400, 'a chunk without a proper size')
    left = Number.parseInt(digits, 16)
    line = ''
    state = left === 0 ? 'trailer' : 'data'
  }
  const trailerRead = () => {
    if (line === '\r\n') state = 'done'
    else if (strict) throw new HttpProblem(400, 'a chunked body with trailers')
    line = ''
  }
  const step = (bytes: Buffer, at: number): number => {
    if (state === 'data') {
      const used = Math.min(left, bytes.length - at)
      left -= used
      if (left === 0) state = 'data-end'
      return at + used
    }
    if (state === 'data-end') {
      const more = bytes.toString('latin1', at, at + 2 - line.length)
      line += more
      const used = at + more.length
      if (line === '\r\n') {
        line = ''
        state = 'size'
        return used
      }
      if (line !== '\r') throw new HttpProblem(400, 'a chunk longer than its size')
      return used
    }
    const end = readLine(bytes, at)
    if (end < 0) return bytes.length
    if (state === 'size') sizeRead()
    else trailerRead()
    return end
  }
  return {
    take(bytes) {
      let at = 0
      while (at < bytes.length && state !== 'done') at = step(bytes, at)
      return at
    },
    get done() {
      return state === 'done'
    },
  }
}

/** Takes the coding off a whole chunked body, in its own place: there may be a million chunks. */
export function unchunked(bytes: Buffer): Buffer {
  let length = 0
  for (let at = 0; ; ) {
    const lf = bytes.indexOf(LF, at)
    const size = Number.parseInt(bytes.toString('latin1', at, lf), 16)
    if (lf < 0 || !(size > 0)) return bytes.subarray(0, length)
    length += bytes.copy(bytes, length, lf + 1, lf + 1 + size)
    at = lf + 1 + size + (bytes[lf + 1 + size] === CR ? 2 : 1)
  }
}

/** A whole body as text. Two byte sequences that are no UTF-8 would be judged as one and the same replacement character. */
export function textOf(bytes: Buffer, { chunked }: { chunked: boolean }): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(chunked ? unchunked(bytes) : bytes)
  } catch {
    throw new HttpProblem(400, 'the body is not UTF-8')
  }
}
