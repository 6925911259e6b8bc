/**
 * A look at something that may hang, for many askers: one at a time, its answer kept for a moment, and nobody waits past the
 * deadline. A look that hangs stays the only one, so that askers cannot pile up behind a dead disk.
 */
export function shared<T>(
  look: () => Promise<T>,
  late: T,
  { keepMs = 1000, deadlineMs = 2000 } = {},
): () => Promise<T> {
  let kept: { value: T; until: number } | undefined
  let looking: Promise<T> | undefined

  async function renew(): Promise<T> {
    await Promise.resolve() // a look that throws at once ends after `looking` is set, too
    try {
      const value = await look()
      kept = { value, until: performance.now() + keepMs }
      return value
    } catch {
      return late
    } finally {
      looking = undefined
    }
  }

  return async () => {
    if (kept && performance.now() < kept.until) return kept.value
    looking ??= renew()
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<T>(resolve => {
      timer = setTimeout(resolve, deadlineMs, late)
    })
    try {
      return await Promise.race([looking, deadline])
    } finally {
      clearTimeout(timer)
    }
  }
}
