/** What the agent knows of its own process. */

export interface ProcessFacts {
  readonly residentBytes: number
  /** How late the event loop was at most since this was last asked, in seconds. */
  readonly loopDelaySeconds: number
  readonly droppedAuditLines: number
}

const EVERY_MS = 500

/** Node's own histogram of the loop's delay wakes the process a hundred times a second; twice is enough to see it hang. */
export function watchProcess(audit: { readonly dropped: number }): () => ProcessFacts {
  let worstMs = 0
  let due = performance.now() + EVERY_MS
  setInterval(() => {
    const now = performance.now()
    worstMs = Math.max(worstMs, now - due)
    due = now + EVERY_MS
  }, EVERY_MS).unref()
  return () => {
    const loopDelaySeconds = Math.max(worstMs, performance.now() - due, 0) / 1000
    worstMs = 0
    return { residentBytes: process.memoryUsage.rss(), loopDelaySeconds, droppedAuditLines: audit.dropped }
  }
}
