/** Where audit lines end up. */
export interface Sink {
  /**
   * Resolves when all of it is written, and may take for ever; the next call comes after that. Rejects when none of it is:
   * the same text comes again later.
   */
  write(text: string): Promise<void>
  /** What waits in `write` may be given up. */
  close(): Promise<void>
}
