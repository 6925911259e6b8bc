/** Lines on their way to a sink that may be slow, full or dead: bounded, one write at a time. */
import type { Sink } from './sink.ts'

export interface Queue {
  push(line: string): void
  /** Lines lost so far. */
  readonly dropped: number
  close(): Promise<void>
}

export interface QueueOptions {
  /** The line that says how many were lost before it. */
  readonly droppedLine: (lost: number) => string
  /** How much may wait, in characters; 1 MiB by default. */
  readonly limit?: number
  /** How long after a failed write the next is tried, in milliseconds. */
  readonly retryMs?: number
  /** How long `close` waits for the sink, in milliseconds. */
  readonly closeMs?: number
}

/** What one write takes, in characters: a rotated file is as exact as this, and a line of the journal has to be in one piece. */
const BATCH = 65_536

export function openQueue(sink: Sink, options: QueueOptions): Queue {
  const { droppedLine, limit = 1_048_576, retryMs = 1000, closeMs = 2000 } = options
  const waiting: string[] = []
  let size = 0
  let dropped = 0
  /** Lost since the sink last heard of it. */
  let untold = 0
  let closing = false
  let working: Promise<void> | undefined

  function push(line: string): void {
    if (closing || size + line.length > limit) {
      dropped += 1
      untold += 1
      return
    }
    waiting.push(line)
    size += line.length
    working ??= work()
  }

  async function work(): Promise<void> {
    await Promise.resolve() // lines of the same turn go in one write
    while (waiting.length > 0) {
      const lines = batch()
      const lost = untold
      const said = lost > 0 ? droppedLine(lost) : ''
      try {
        await sink.write(said + lines.join(''))
        untold -= lost
        waiting.splice(0, lines.length)
        for (const line of lines) size -= line.length
      } catch {
        // Whatever it is (a full disk, a reader that went away), the agent goes on; the same lines are tried again.
        if (closing) break
        await pause(retryMs)
      }
    }
    working = undefined
  }

  function batch(): string[] {
    let end = 0
    for (let taken = 0; end < waiting.length; end += 1) {
      taken += (waiting[end] as string).length
      if (taken > BATCH && end > 0) break
    }
    return waiting.slice(0, end)
  }

  return {
    push,
    get dropped() {
      return dropped
    },
    async close() {
      closing = true
      await Promise.race([working, pause(closeMs)])
      await sink.close()
    },
  }
}

/** Does not keep a finished process alive. */
function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}
