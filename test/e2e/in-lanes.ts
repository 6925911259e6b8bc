/** Much work in a few places at the same time: runs at a cloud wait more than they compute. */

interface Lane extends AsyncDisposable {
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Does the work for each thing, in `count` lanes at once. All failures are told together; the lane in which something failed is
 * replaced, so that the next thing finds a clean one.
 */
export async function inLanes<L extends Lane, T>(
  things: readonly T[],
  { count, open, title }: { count: number; open: () => Promise<L>; title: (thing: T) => string },
  work: (lane: L, thing: T) => Promise<void>,
): Promise<void> {
  const waiting = [...things]
  const failures: string[] = []
  const inLane = async () => {
    if (waiting.length === 0) return
    let lane = await open()
    try {
      for (let thing = waiting.shift(); thing !== undefined; thing = waiting.shift()) {
        try {
          await work(lane, thing)
        } catch (error) {
          failures.push(`${title(thing)}\n${error instanceof Error ? error.message : error}`)
          const spoilt = lane
          lane = await open()
          await spoilt[Symbol.asyncDispose]().catch(() => {}) // what is the matter with it is told
        }
      }
    } finally {
      await lane[Symbol.asyncDispose]()
    }
  }
  await Promise.all(Array.from({ length: count }, inLane))
  if (things.length === 0) failures.push('there is nothing to do')
  if (failures.length > 0) throw new Error(failures.join('\n\n'))
}
