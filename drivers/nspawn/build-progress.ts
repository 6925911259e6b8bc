/**
 * Reads mmdebstrap's chatter (`--verbose`: apt's and dpkg's own lines) as it comes and says how far the build is.
 * Two rounds of apt happen: the essential packages, then all others; how many packages a round has is only known when
 * it begins, so each round has a fixed share of the whole.
 */
export interface Progress {
  readonly text: string
  readonly fraction: number
}

/** Shares measured on a 31 s build: lists 0.08, essential packages to 0.3, the others to 0.95, cleaning the rest. */
const ROUNDS = [
  { from: 0.08, to: 0.3 },
  { from: 0.3, to: 0.95 },
]
const VERBS = { Get: 'downloading', Unpacking: 'unpacking', 'Setting up': 'setting up' } as const
const SHARES = {
  Get: { from: 0, to: 0.25 },
  Unpacking: { from: 0.25, to: 0.65 },
  'Setting up': { from: 0.65, to: 1 },
} as const
type Verb = keyof typeof VERBS

/** Returns a function to call with every line; it answers when the line means progress. */
export function readBuildProgress(): (line: string) => Progress | undefined {
  let round = -1
  let total = 0
  const counts: Record<Verb, number> = { Get: 0, Unpacking: 0, 'Setting up': 0 }
  const step = (verb: Verb, name: string): Progress => {
    counts[verb] = Math.min(counts[verb] + 1, total)
    const share = SHARES[verb]
    const bounds = ROUNDS[Math.max(round, 0)] ?? { from: 0.3, to: 0.95 }
    const inRound = share.from + (share.to - share.from) * (counts[verb] / Math.max(total, 1))
    const text = verb === 'Get' ? 'downloading packages' : `${VERBS[verb]} ${name}`
    return { text: `${text} (${counts[verb]}/${total})`, fraction: bounds.from + (bounds.to - bounds.from) * inRound }
  }
  return line => {
    if (/^I: running apt-get update/.test(line)) return { text: 'reading package lists', fraction: 0.02 }
    if (/^I: cleaning/.test(line)) return { text: 'cleaning up', fraction: 0.96 }
    const plan = /, (\d+) newly installed,/.exec(line)
    if (plan) {
      round = Math.min(round + 1, 1)
      total = Number(plan[1])
      counts.Get = counts.Unpacking = counts['Setting up'] = 0
    }
    if (round < 0) return undefined
    const found = /^(?:(Get):\d+ \S+ .* (\S+) \S+ \S+ \[|(Unpacking|Setting up) ([^\s:]+))/.exec(line)
    if (found?.[1]) return step('Get', found[2] ?? '')
    return found?.[3] ? step(found[3] as Verb, found[4] ?? '') : undefined
  }
}
