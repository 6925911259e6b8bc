/** Runs of the CLI that meet a signal at one of their calls to the cloud. */
import { join } from 'node:path'
import type { Home } from '../cli.ts'
import { type Followed, follow } from '../follow.ts'
import type { Call } from './calls.ts'
import type { StandIn } from './stand-in.ts'

/** What `node` runs. */
export const machineProgram = join(import.meta.dirname, '../../../bin/machine')

export interface Doomed {
  /** What it asked the cloud. */
  readonly calls: readonly Call[]
  /** What it said. */
  readonly text: string
  /** -1: a signal ended it. */
  readonly code: number
}

/** The nth call from its first on, from 1; with `action` the nth of that. */
export interface Doom {
  readonly n: number
  readonly when: 'before' | 'after'
  readonly action?: string
}

type Killer = Pick<StandIn, 'killAt'> & { readonly calls: readonly Call[] }

/** Starts `machine …`, reads along; it is killed when it waits for SSH, of a host that is none, or by `doom`. */
export async function runDoomed(
  home: Home,
  cloud: Killer,
  args: readonly string[],
  doom?: Doom | ((run: Followed) => void),
): Promise<Doomed> {
  const from = cloud.calls.length
  await using run = follow(process.execPath, [machineProgram, ...args], home.env)
  const kill = () => process.kill(run.pid, 'SIGKILL')
  if (typeof doom === 'function') doom(run)
  else if (doom) cloud.killAt(doom.n, doom.when, kill, doom.action)
  const waits = run.said('Waiting for SSH').then(kill, () => {})
  const code = await run.ended
  await waits
  return { calls: cloud.calls.slice(from), text: run.text(), code }
}

/** 'ImportKeyPair', 'dry ImportKeyPair' */
export function callsOf({ calls }: Pick<Doomed, 'calls'>): string[] {
  return calls.map(({ action, dryRun }) => (dryRun ? `dry ${action}` : action))
}

/** A place to be killed at, and the call it is at. */
export interface Labelled extends Doom {
  readonly label: string
  /** Which of the calls of this label it is, from 1. */
  readonly nth: number
}

/** Every call from the one after `from` on, and again after it where it changes something. */
export function dooms(calls: readonly string[], from = 0): Labelled[] {
  return calls.flatMap((label, i): Labelled[] => {
    const n = i + 1
    if (n <= from) return []
    const at = { n, label, nth: calls.slice(0, n).filter(each => each === label).length }
    const before: Labelled = { ...at, when: 'before' }
    return label.startsWith('Describe') ? [before] : [before, { ...at, when: 'after' }]
  })
}
