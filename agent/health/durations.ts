/** How long requests took, in few buckets. */
import type { Family } from './counter.ts'

/** Upper bounds in seconds: a relayed read, a slow one, a build or a long poll. */
const BOUNDS = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60]

export interface Durations {
  add(seconds: number): void
  samples(): Family['samples']
}

export function durations(): Durations {
  const counts = BOUNDS.map(() => 0)
  let count = 0
  let sum = 0
  return {
    add(seconds) {
      count += 1
      sum += seconds
      for (const [i, bound] of BOUNDS.entries()) if (seconds <= bound) counts[i] = (counts[i] ?? 0) + 1
    },
    samples: () => [
      ...BOUNDS.map((bound, i) => ['_bucket', { le: String(bound) }, counts[i] ?? 0] as const),
      ['_bucket', { le: '+Inf' }, count],
      ['_sum', {}, sum],
      ['_count', {}, count],
    ],
  }
}
