/** Waiting for an engine that was just (re)started. */
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, MachineError } from '../errors.ts'
import type { EngineAddress } from './attempt.ts'
import { type EngineVersion, pingEngine } from './ping.ts'

/**
 * Asks until the engine answers or `deadlineMs` is over, then throws why it last did not. A certificate that is wrong does
 * not get better by waiting: that is thrown at once.
 */
export async function waitForEngine(at: EngineAddress & { deadlineMs: number }): Promise<EngineVersion> {
  const end = Date.now() + at.deadlineMs
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 1000)) {
    try {
      const left = Math.max(1000, end - Date.now())
      return await pingEngine({ ...at, timeoutMs: Math.min(at.timeoutMs ?? 5000, left) })
    } catch (error) {
      at.signal?.throwIfAborted()
      if (hasCode(error, 'ENGINE_TLS') || hasCode(error, 'ENGINE_URL')) throw error
      if (Date.now() + pauseMs > end)
        throw new MachineError(
          'ENGINE_DOWN',
          `Unable to verify the Docker daemon is listening: ${(error as Error).message}`,
          {
            hints: error instanceof MachineError ? error.suggestions : [],
            cause: error,
          },
        )
    }
    await sleep(pauseMs, undefined, at.signal ? { signal: at.signal } : {}).catch(() => at.signal?.throwIfAborted())
  }
}
