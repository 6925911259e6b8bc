/** Requests at a steady pace while a test does something, and which of them failed. */

export interface Load {
  /** Ends it once what is under way is answered. */
  stop(): Promise<{ readonly done: number; readonly failures: readonly string[] }>
}

/** Starts `perSecond` requests a second, none waiting for another; `request` rejects, or says what was wrong. */
export function startLoad(perSecond: number, request: () => Promise<string | undefined>): Load {
  const failures: string[] = []
  const underway = new Set<Promise<void>>()
  let done = 0
  const timer = setInterval(() => {
    const asking = request()
      .then(
        wrong => {
          if (wrong !== undefined) failures.push(wrong)
          else done += 1
        },
        error => {
          failures.push(String((error as Error).message))
        },
      )
      .finally(() => underway.delete(asking))
    underway.add(asking)
  }, 1000 / perSecond)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(underway)
      return { done, failures }
    },
  }
}
