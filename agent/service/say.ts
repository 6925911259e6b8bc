/** What the service says of itself: to standard error, which is the journal. */
import { writeSync } from 'node:fs'

export function say(text: string): void {
  try {
    writeSync(2, `machine-agent: ${text}\n`)
  } catch {
    // nobody listens (EPIPE), or too slowly (EAGAIN): no reason to stop serving
  }
}
