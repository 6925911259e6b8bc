/**
 * Bytes kept until they are whole, in one buffer that grows. Not as a list of the pieces they came in: a client that sends a
 * byte at a time makes each cost hundreds.
 */
import { HttpProblem } from '../http/problem.ts'

export interface Gathered {
  readonly size: number
  add(bytes: Buffer): void
  /** All so far. */
  readonly bytes: Buffer
  /** All of it, which is then kept no longer. */
  take(): Buffer
}

const NOTHING: Buffer = Buffer.alloc(0)
/** A first piece of this size is not copied; a smaller one may be the tail of something much larger. */
const LARGE = 16_384

/**
 * @param keep told how much more room is taken, or less where negative; it may throw to refuse
 * @param limit how much it may be; `what` is for the sentence of an HttpProblem 413
 */
export function gather(keep: (bytes: number) => void, limit?: { bytes: number; what: string }): Gathered {
  let room: Buffer = NOTHING
  let size = 0
  return {
    get size() {
      return size
    },
    get bytes() {
      return room.subarray(0, size)
    },
    add(bytes) {
      if (bytes.length === 0) return
      const needed = size + bytes.length
      if (limit && needed > limit.bytes) throw new HttpProblem(413, `${limit.what} is longer than ${limit.bytes} bytes`)
      if (size === 0 && bytes.length >= LARGE) {
        keep(bytes.length)
        room = bytes
        size = bytes.length
        return
      }
      if (needed > room.length) {
        const more = Math.max(needed, 2 * room.length, 512)
        keep(more - room.length)
        const wider = Buffer.allocUnsafeSlow(more)
        room.copy(wider, 0, 0, size)
        room = wider
      }
      size += bytes.copy(room, size)
    },
    take() {
      const all = room.subarray(0, size)
      keep(-room.length)
      room = NOTHING
      size = 0
      return all
    },
  }
}
