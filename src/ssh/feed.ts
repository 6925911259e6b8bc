/** Gives a command its input piece by piece, so that it can be told how far that is. */
import type { Writable } from 'node:stream'
import type { OnProgress } from './host.ts'

/** Large enough to cost no speed, small enough for a bar that moves on a slow line. */
const PIECE = 256 * 1024

/** Writes `input` and ends the stream; what throws in `onProgress` goes to `failed`. A stream that closes early ends it. */
export function feed(to: Writable, input: Uint8Array, onProgress: OnProgress, failed: (error: unknown) => void): void {
  const next = (at: number) => {
    if (to.destroyed) return
    if (at >= input.length) return void to.end()
    const piece = input.subarray(at, at + PIECE)
    to.write(piece, error => {
      if (error) return // the command took no more: its exit code tells
      try {
        onProgress(at + piece.length, input.length)
      } catch (thrown) {
        return failed(thrown)
      }
      next(at + piece.length)
    })
  }
  next(0)
}
