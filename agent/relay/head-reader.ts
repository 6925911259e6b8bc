/** Collects the bytes of a head until its empty line. */
import { HttpProblem } from '../http/problem.ts'
import { gather } from './gather.ts'

const END = Buffer.from('\r\n\r\n')

export interface HeadReader {
  /**
   * The head as latin1 without its empty line, and what came after it; undefined while it goes on.
   * @throws HttpProblem 431 when it is longer than `limit`
   */
  take(bytes: Buffer): { head: string; rest: Buffer } | undefined
  /** Something of a head has come. */
  readonly begun: boolean
}

/** @param keep see `gather` */
export function headReader(limit: number, keep: (bytes: number) => void): HeadReader {
  const got = gather(keep)
  const split = (all: Buffer, from: number) => {
    const end = all.indexOf(END, from)
    if (end > limit || (end < 0 && all.length > limit))
      throw new HttpProblem(431, 'the head of the request is too long')
    return end < 0 ? undefined : { head: all.toString('latin1', 0, end), rest: all.subarray(end + 4) }
  }
  return {
    take(bytes) {
      if (got.size === 0) {
        const found = split(bytes, 0)
        if (!found) got.add(bytes)
        return found
      }
      // A slow sender's pieces are looked at once: only where the end could have begun is looked at again.
      const from = Math.max(0, got.size - 3)
      got.add(bytes)
      const found = split(got.bytes, from)
      if (found) got.take()
      return found
    },
    get begun() {
      return got.size > 0
    },
  }
}
