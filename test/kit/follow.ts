/** A program that runs beside the test, for what is said while it runs. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Followed extends AsyncDisposable {
  /** All it said so far, stdout and stderr as they came. */
  text(): string
  /** Resolves once it has said `part`; rejects when it ends without. */
  said(part: string): Promise<void>
  /** Resolves with its exit code when it has ended by itself. */
  readonly ended: Promise<number>
  readonly pid: number
}

/** Starts it, with its stdin closed. Killed when disposed of, if it still runs. */
export function follow(program: string, args: readonly string[], env: Record<string, string | undefined>): Followed {
  const defined = Object.entries({ ...process.env, ...env }).filter((e): e is [string, string] => e[1] !== undefined)
  const child = spawn(program, args, { env: Object.fromEntries(defined), stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const take = (more: string) => {
    text += more
    child.emit('more')
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  let over = false
  const ended = once(child, 'close').then(([code]) => {
    over = true
    child.emit('more')
    return (code as number | null) ?? -1
  })
  return {
    text: () => text,
    async said(part) {
      while (!text.includes(part)) {
        if (over) throw new Error(`${program} ${args.join(' ')} ended without saying "${part}": ${text}`)
        await once(child, 'more')
      }
    },
    ended,
    pid: child.pid ?? -1,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
