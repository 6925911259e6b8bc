/** Waiting for a cloud, until a deadline or an abort: it is looked at again and again, less and less often. */
import { setTimeout as sleepFor } from 'node:timers/promises'

/** Sleeps; rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await sleepFor(ms, undefined, { signal }).catch(error => {
    throw signal.reason ?? error
  })
}

export interface Patience {
  readonly signal: AbortSignal
  readonly deadlineMs: number
  /** The first pause; each is half as long again as the one before, up to `mostMs`. */
  readonly firstMs?: number
  readonly mostMs?: number
}

/**
 * What `look` says, as soon as it says anything but undefined; undefined when the deadline passes first. It looks at once,
 * and a last time at the deadline. Pauses are a little uneven, so that ten that began together do not stay together.
 */
export async function waitFor<T>(look: () => Promise<T | undefined>, patience: Patience): Promise<T | undefined> {
  const { signal, deadlineMs, firstMs = 500, mostMs = 5000 } = patience
  const end = performance.now() + deadlineMs
  for (let pauseMs = firstMs, last = deadlineMs <= 0; ; pauseMs = Math.min(pauseMs * 1.5, mostMs)) {
    const seen = await look()
    if (seen !== undefined || last) return seen
    const left = Math.max(0, end - performance.now())
    const next = uneven(pauseMs)
    last = next >= left
    await sleep(Math.min(next, left), signal)
  }
}

/** The work's result: again and again while it fails so that it may not the next time, and at the deadline its last error. */
export async function againWhile<T>(
  mayPass: (error: unknown) => boolean,
  work: () => Promise<T>,
  patience: Patience,
): Promise<T> {
  let last: unknown
  const look = async () => {
    try {
      return { value: await work() }
    } catch (error) {
      if (!mayPass(error)) throw error
      last = error
      return undefined
    }
  }
  const done = await waitFor(look, patience)
  if (done === undefined) throw last
  return done.value
}

/** The work's result, or the signal's reason as soon as it aborts; the work goes on for whoever else waits for it. */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop = () => {}
  const over = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  return await Promise.race([work, over]).finally(() => signal.removeEventListener('abort', stop))
}

function uneven(ms: number): number {
  return ms * (0.8 + Math.random() * 0.4)
}
