/** Many questions asked at the same time as one: `ls` of a hundred machines is one request to their cloud. */
import type { Ctx } from '../driver.ts'
import { untilAborted } from './wait.ts'

/** What several askers wait for together. */
interface Batch<V> {
  readonly keys: Set<string>
  readonly signals: AbortSignal[]
  readonly answers: Promise<ReadonlyMap<string, V>>
}

/**
 * A question about one key. Those about the same `place` that come before the event loop turns are loaded together;
 * a key `load` says nothing of is undefined. The load is aborted when nobody waits for it any more.
 */
export function batched<V>(most: number) {
  const open = new Map<string, Batch<V>>()
  return async (
    place: string,
    key: string,
    signal: AbortSignal,
    load: (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, V>>,
  ): Promise<V | undefined> => {
    let batch = open.get(place)
    if (!batch || batch.keys.size >= most) {
      batch = begin(load, ended => open.get(place) === ended && open.delete(place))
      open.set(place, batch)
    }
    batch.keys.add(key)
    batch.signals.push(signal)
    return (await untilAborted(batch.answers, signal)).get(key)
  }
}

function begin<V>(
  load: (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, V>>,
  closed: (batch: Batch<V>) => void,
): Batch<V> {
  const keys = new Set<string>()
  const signals: AbortSignal[] = []
  const answers = new Promise(resolve => setImmediate(resolve)).then(() => {
    closed(batch)
    return load([...keys], whenAllAbort(signals))
  })
  answers.catch(() => {}) // whoever waits is told; all of them may have been aborted
  const batch: Batch<V> = { keys, signals, answers }
  return batch
}

function whenAllAbort(signals: readonly AbortSignal[]): AbortSignal {
  const all = new AbortController()
  const look = () => {
    if (signals.every(signal => signal.aborted)) all.abort(signals[0]?.reason)
  }
  for (const signal of signals) signal.addEventListener('abort', look, { once: true })
  look()
  return all.signal
}

/** Machines of one process may come from different environments (a program that uses the library): those are not mixed. */
const environments = new WeakMap<Ctx['env'], number>()
let environmentCount = 0

/** What to call a `place`: one access, as one environment has it. */
export function placeOf(access: object, env: Ctx['env']): string {
  const id = environments.get(env) ?? ++environmentCount
  environments.set(env, id)
  return `${id} ${JSON.stringify(access)}`
}
