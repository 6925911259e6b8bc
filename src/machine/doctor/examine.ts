/** Runs checks side by side, each once those it needs are done and within its own deadline. */
import { messageOf } from '../../errors.ts'
import { adviceAbout } from '../advice.ts'
import type { World } from '../world.ts'
import { type Check, type Finding, failed, type Result, skipped } from './check.ts'

export interface ExamineOptions<P> {
  readonly w: World
  readonly machine?: string
  /** How long one check may take, in milliseconds. */
  readonly timeoutMs: number
  /** What is looked at, in a world whose signal is the check's own. */
  patient(w: World): P
}

/** Results in the order of `checks`. Rejects only when the world's signal aborts. */
export async function examine<P>(checks: readonly Check<P>[], options: ExamineOptions<P>): Promise<Result[]> {
  const { w, machine } = options
  const running = new Map<string, Promise<Finding>>()
  for (const check of checks) running.set(check.id, inTurn(check))
  const findings = await Promise.all(running.values())
  w.signal.throwIfAborted()
  return checks.map((check, i) => ({
    ...(machine === undefined ? {} : { machine }),
    check: check.id,
    what: check.what,
    ...(findings[i] as Finding),
  }))

  async function inTurn(check: Check<P>): Promise<Finding> {
    for (const id of check.needs ?? []) {
      const seen = await running.get(id)
      if (seen?.state === 'skipped') return seen
      if (seen?.state === 'failed') return skipped(`not looked at: ${checks.find(c => c.id === id)?.what ?? id} failed`)
    }
    return await look(check)
  }

  async function look(check: Check<P>): Promise<Finding> {
    const deadline = AbortSignal.timeout(options.timeoutMs)
    const tooLate = failed(`took longer than ${options.timeoutMs / 1000} s`)
    const late = new Promise<Finding>(resolve => {
      deadline.addEventListener('abort', () => resolve(tooLate), { once: true })
    })
    const own = { ...w, signal: AbortSignal.any([w.signal, deadline]) }
    const looking = check.look(options.patient(own)).catch(error => {
      if (deadline.aborted) return tooLate
      return failed(messageOf(error), ...adviceAbout(machine ?? 'NAME', error, w))
    })
    return await Promise.race([looking, late])
  }
}
