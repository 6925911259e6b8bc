/**
 * The audit log: one JSON line per request. It never makes the relay wait: lines go through a bounded queue, and what does
 * not fit (the journal hangs, the disk is full) is dropped and counted; a line says so once there is room again.
 */
import type { AgentConfig } from '../protocol.ts'
import type { Entry } from './entry.ts'
import { openFileSink } from './file-sink.ts'
import { droppedLine, lineOf } from './line.ts'
import { openQueue } from './queue.ts'
import { openStdoutSink } from './stdout-sink.ts'

export interface Audit {
  record(entry: Entry): void
  /** Lines lost since the start. */
  readonly dropped: number
  /** Writes what is queued, for at most two seconds. */
  close(): Promise<void>
}

export function openAudit(target: AgentConfig['audit']): Audit {
  const queue = openQueue(target === 'stdout' ? openStdoutSink() : openFileSink(target), { droppedLine })
  return {
    record: entry => queue.push(lineOf(entry)),
    get dropped() {
      return queue.dropped
    },
    close: () => queue.close(),
  }
}
