/** One action on several machines side by side. */
import { MachineError, messageOf } from './errors.ts'

/** Runs `act` for every name; when all are done, throws what failed: as it is for one machine, joined for several. */
export async function forEach(names: readonly string[], act: (name: string) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(names.map(act))
  const failed = results.flatMap((r, i) =>
    r.status === 'rejected' ? [{ name: names[i] as string, error: r.reason }] : [],
  )
  const [first] = failed
  if (!first) return
  if (names.length === 1) throw first.error
  throw new MachineError('SOME_FAILED', failed.map(f => `${f.name}: ${messageOf(f.error)}`).join('\n'), {
    hints: [...new Set(failed.flatMap(f => (f.error instanceof MachineError ? f.error.suggestions : [])))],
    cause: first.error,
  })
}
