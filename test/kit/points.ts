/** The places a run of the CLI passes (`point` in src/open-world.ts): runs that tell them, die at one, or are met at one. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Home, Ran } from './cli.ts'

export interface Passed extends Ran {
  /** Labels of the points passed, in order. */
  readonly points: readonly string[]
}

let count = 0

/** Runs the CLI and tells which points it passed; with `crashAt` it kills itself (SIGKILL) at the point of that number. */
export async function runPassing(home: Home, crashAt: number | undefined, ...args: string[]): Promise<Passed> {
  const log = join(home.path, `points-${++count}`)
  const env = { MACHINE_CRASH_LOG: log, MACHINE_CRASH_AT: crashAt === undefined ? undefined : String(crashAt) }
  const ran = await home.cliWith({ env }, ...args)
  return { ...ran, points: await readPoints(log) }
}

/** Runs the CLI and calls `meet` with its pid as soon as it has passed `label`; throws when it never does. */
export async function runMeeting(
  home: Home,
  label: string,
  meet: (pid: number) => unknown,
  ...args: string[]
): Promise<Passed> {
  const log = join(home.path, `points-${++count}`)
  let pid = 0
  let ended = false
  const onStart = (started: number) => {
    pid = started
  }
  const running = home.cliWith({ env: { MACHINE_CRASH_LOG: log }, onStart }, ...args).finally(() => {
    ended = true
  })
  while (!ended && !(await readPoints(log)).includes(label)) await sleep(5)
  const points = await readPoints(log)
  if (!points.includes(label)) throw new Error(`never came to "${label}": ${(await running).stderr}`)
  await meet(pid)
  return { ...(await running), points: await readPoints(log) }
}

async function readPoints(log: string): Promise<string[]> {
  const text = await readFile(log, 'utf8').catch(() => '') // not one passed yet
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.replace(/^\d+ /, ''))
}
