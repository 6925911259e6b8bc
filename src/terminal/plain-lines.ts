/** Plain lines for pipes, logs and CI: a line a fact, progress at most every few seconds, no control characters. */
import type { MachineEvent } from '../events.ts'
import { withShare } from './progress.ts'
import type { Reporter } from './reporter.ts'

/** A log wants to show that something still happens, not every package. */
const PROGRESS_EVERY_MS = 5000

export function plainLines(names: readonly string[], stream: NodeJS.WritableStream): Reporter {
  const told = new Map<string, number>()
  const say = (event: MachineEvent) => {
    const key = event.machine ?? ''
    const now = Date.now()
    if (event.type === 'phase') told.set(key, now)
    // The command ends with this very error; of several machines each is told as it fails.
    if (event.type === 'failed' && names.length <= 1) return
    if (event.type === 'progress') {
      if (now - (told.get(key) ?? 0) < PROGRESS_EVERY_MS) return
      told.set(key, now)
    }
    const prefix = event.machine !== undefined && names.length > 1 ? `(${event.machine}) ` : ''
    const mark = event.type === 'warn' ? 'warning: ' : ''
    stream.write(`${prefix}${mark}${withShare(event)}\n`)
  }
  return { say, pause() {}, async end() {} }
}
