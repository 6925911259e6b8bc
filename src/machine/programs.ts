/** Programs of this computer that a command runs: where they are, and running one with this process's streams. */
import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { constants as osConstants } from 'node:os'
import { delimiter, join } from 'node:path'
import { MachineError } from '../errors.ts'
import type { World } from './world.ts'

export async function findOnPath(program: string, w: Pick<World, 'platform' | 'env'>): Promise<string | undefined> {
  const names = w.platform === 'win32' ? [`${program}.exe`] : [program]
  for (const folder of (w.env.PATH ?? '').split(delimiter).filter(f => f !== ''))
    for (const name of names) {
      const path = join(folder, name)
      if (
        await access(path, constants.X_OK).then(
          () => true,
          () => false,
        )
      )
        return path
    }
  return undefined
}

/** 128 + n, as shells say it, for what a signal ended. */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal ? osConstants.signals[signal] : 0)
}

/** Runs a program on this process's own streams; returns its exit code. Ended when `w.signal` aborts, and then rejects. */
export function runHere(program: string, argv: readonly string[], w: Pick<World, 'signal'>): Promise<number> {
  return new Promise((resolve, reject) => {
    w.signal.throwIfAborted()
    const child = spawn(program, argv, { stdio: 'inherit' })
    const end = () => child.kill('SIGTERM')
    w.signal.addEventListener('abort', end, { once: true })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      w.signal.removeEventListener('abort', end)
      if (w.signal.aborted) reject(w.signal.reason)
      else resolve(exitCode(code, signal))
    })
  })
}

export interface Said {
  readonly code: number
  /** The last of what it said on stderr, 64 KiB at most. */
  readonly stderr: string
}

/** How long the last words of a program that has ended may take to arrive. */
const LAST_WORDS_MS = 200

/**
 * Runs a program and reads along what it says on stderr; ended when `w.signal` aborts. `show`: its words and its progress
 * are also this process's, else it is silent. What asks for a passphrase asks the terminal, whatever becomes of stderr.
 */
export function runWatched(
  program: string,
  argv: readonly string[],
  w: Pick<World, 'env' | 'signal'>,
  { show = true } = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    w.signal.throwIfAborted()
    const child = spawn(program, argv, {
      env: w.env as NodeJS.ProcessEnv,
      stdio: [show ? 'inherit' : 'ignore', show ? 'inherit' : 'ignore', 'pipe'],
    })
    const end = () => child.kill('SIGTERM')
    w.signal.addEventListener('abort', end, { once: true })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-65_536)
      if (show) process.stderr.write(text)
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      w.signal.removeEventListener('abort', end)
      const done = () => {
        child.stderr.destroy()
        if (w.signal.aborted) reject(w.signal.reason)
        else resolve({ code: exitCode(code, signal), stderr })
      }
      // What it left in the background (the ssh of sshfs) may keep stderr open for as long as it lives.
      const timer = setTimeout(done, LAST_WORDS_MS)
      child.stderr.once('end', () => {
        clearTimeout(timer)
        done()
      })
    })
  })
}

/** All a program says on both streams, '' when it cannot be run; for its version. */
export function textOf(program: string, argv: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    const child = spawn(program, argv, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
    child.on('error', () => resolve(text))
    child.on('close', () => resolve(text))
  })
}

/** Throws PROGRAM_FAILED, with the program's last line, unless it succeeded. */
export function mustSucceed(what: string, { code, stderr }: Said): void {
  if (code === 0) return
  const last = stderr.trim().split('\n').at(-1)?.trim()
  throw new MachineError('PROGRAM_FAILED', `${what} failed with exit code ${code}${last ? `: ${last}` : ''}`, {
    exit: code,
  })
}
