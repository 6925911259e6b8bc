/** Runs vagrant: its lines told as they come, its failure put into one sentence, ended in order when the caller gives up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { platform } from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode, MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { vagrantEnv } from './environment.ts'
import { failureIn } from './failure.ts'
import { dataOf, type Line, parseLine } from './output.ts'
import type { Places } from './places.ts'
import { explained } from './problems.ts'
import { endGroup, noteEnded, noteRunning } from './process.ts'
import { tellProgress } from './progress.ts'
import type { State } from './state.ts'
import { missingVagrant } from './version.ts'

export interface Ran {
  readonly lines: readonly Line[]
  /** What it printed for programs without knowing of it: ssh-config's block. */
  readonly plain: string
}

export interface RunOptions {
  /** What is done, for errors: 'bring up "web"'. */
  readonly doing: string
  /** Given up after this long, in milliseconds. */
  readonly deadlineMs: number
  /** It changes the machine: its process is noted, and its steps are told. */
  readonly changes?: boolean
}

/** A question takes this long at most, in milliseconds; Ruby and its plug-ins load slowly on a busy computer. */
export const LOOK_MS = 120_000

/** So long a program that vagrant started and that goes on may hold its output open, in milliseconds. */
const HELD_MS = 5_000

type Where = Partial<Pick<State, 'Provider' | 'Disks' | 'DockerEnv'>>

/** Two looks at one machine at once get in each other's way, for as long as one notes what it saw. */
const LOOK_AGAIN_MS = [200, 400, 800, 1600, 3200]

/**
 * Throws what `explained` makes of its failure, VAGRANT_MISSING, VAGRANT_DEADLINE, or the signal's reason. What changes
 * nothing is asked again where another look was in the way.
 */
export async function runVagrant(...call: Parameters<typeof runOnce>): Promise<Ran> {
  const [, , , { signal }, { changes }] = call
  for (const pauseMs of changes ? [] : LOOK_AGAIN_MS) {
    try {
      return await runOnce(...call)
    } catch (error) {
      if (!hasCode(error, 'VAGRANT_LOCKED')) throw error
      await sleep(pauseMs, undefined, { signal })
    }
  }
  return await runOnce(...call)
}

async function runOnce(
  args: readonly string[],
  places: Places,
  state: Where,
  ctx: Pick<Ctx, 'env' | 'signal' | 'say'>,
  options: RunOptions,
): Promise<Ran> {
  const { signal, say } = ctx
  signal.throwIfAborted()
  if (options.changes) await mkdir(places.own, { recursive: true, mode: 0o700 })
  say({ type: 'debug', text: `vagrant ${args.join(' ')} (in ${places.cwd})` })
  const child = spawn('vagrant', [...args, '--machine-readable'], {
    cwd: places.cwd,
    env: vagrantEnv(ctx, places, state),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: platform !== 'win32', // Ctrl-C is ours to pass on, once
    windowsHide: true,
  })
  const lines: Line[] = []
  const plain: string[] = []
  const errors: string[] = []
  const tell = options.changes ? tellProgress(say) : () => {}
  createInterface({ input: child.stdout }).on('line', text => {
    const line = parseLine(text)
    if (line) {
      lines.push(line)
      tell(line)
    } else plain.push(text)
  })
  createInterface({ input: child.stderr }).on('line', text => {
    if (errors.push(text) > 40) errors.shift()
    say({ type: 'debug', text: `vagrant: ${text}` })
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', error =>
      reject((error as NodeJS.ErrnoException).code === 'ENOENT' ? missingVagrant(error) : error),
    )
    child.on('exit', () => setTimeout(() => cutOff(child), HELD_MS).unref())
    child.on('close', (code, killedBy) => resolve(code ?? (killedBy ? 128 : 1)))
  })
  ended.catch(() => {}) // it may come while the pid is noted
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs)])
  const giveUp = () => {
    if (child.pid !== undefined) endGroup(child.pid).catch(() => {})
  }
  limit.addEventListener('abort', giveUp, { once: true })
  try {
    if (options.changes && child.pid !== undefined) await noteRunning(places, child.pid)
    const code = await ended
    signal.throwIfAborted()
    if (limit.aborted) throw tooLong(options)
    if (code !== 0 || dataOf(lines, 'error-exit')) throw explained(failureIn(lines, errors, code), options.doing)
    return { lines, plain: plain.join('\n') }
  } finally {
    limit.removeEventListener('abort', giveUp)
    if (options.changes) await noteEnded(places)
  }
}

function cutOff({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy()
  stderr?.destroy()
}

function tooLong({ doing, deadlineMs }: RunOptions): MachineError {
  return new MachineError('VAGRANT_DEADLINE', `vagrant could not ${doing} within ${Math.round(deadlineMs / 1000)} s`, {
    hints: ['`machine --debug …` shows where it stays'],
  })
}
