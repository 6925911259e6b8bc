/**
 * Calls of VBoxManage. Its locale is C, so that what it says can be read, with UTF-8: with plain C it refuses all words that
 * are not ASCII, as somebody's home may be (VERR_NO_TRANSLATION), and 7.0 prints some lists not at all. It may fail and exit
 * with 0: an error line counts (as in Docker Machine). Where it says that it is only busy, it is asked again.
 */
import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { MachineError } from '../../src/errors.ts'
import { againWhile } from '../cloud/wait.ts'
import { blamed, VBoxFailure } from './failure.ts'
import { needProgram } from './program.ts'
import type { Here } from './state.ts'

/** How long VirtualBox may be busy: a VM that was switched off is let go of within seconds. */
const BUSY_MS = 20_000
const BUSY =
  /The object is not ready|is already locked (for a session|by a session)|while it is locked|is currently being (locked|unlocked)|being unlocked/i

/** A look takes moments: one that takes this long waits for a service that hangs. */
const LOOK_MS = 60_000
/** What changes something may take its time on a slow disk, but not this much; copies, which tell how far they are, may. */
const CHANGE_MS = 600_000
const LOOKS = ['--version', 'list', 'showvminfo', 'showmediuminfo', 'guestproperty']

export interface RunOptions {
  /** What failed, for the error's text: 'make the VM'. */
  readonly doing: string
  /** What it reads. */
  readonly input?: AsyncIterable<Buffer>
  /** How long it may take; by default a minute for looks, for ever where `input` or `onProgress` are, else ten minutes. */
  readonly deadlineMs?: number
  /** How far it is, from 0 to 1, where it tells. */
  onProgress?(fraction: number): void
}

/** Its stdout. Throws a MachineError with a remedy, a VBoxFailure behind it; the signal's reason when that aborted. */
export async function vbox(args: readonly string[], here: Here, options: RunOptions): Promise<string> {
  const program = await needProgram(here.env)
  const once = () => runOnce(program, args, here, options)
  try {
    // What was read from a stream cannot be read again.
    if (options.input) return await once()
    const busy = (error: unknown) => error instanceof VBoxFailure && BUSY.test(error.said)
    return await againWhile(busy, once, { signal: here.signal, deadlineMs: BUSY_MS, firstMs: 100, mostMs: 1000 })
  } catch (error) {
    here.signal.throwIfAborted()
    throw error instanceof VBoxFailure ? blamed(error, options.doing) : error
  }
}

async function runOnce(program: string, args: readonly string[], here: Here, options: RunOptions): Promise<string> {
  here.signal.throwIfAborted()
  const deadlineMs = options.deadlineMs ?? usualDeadline(args, options)
  const child = spawn(program, args, {
    env: { ...here.env, LC_ALL: 'C.UTF-8', LANGUAGE: 'C' },
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    signal: here.signal,
    windowsHide: true,
    ...(deadlineMs === undefined ? {} : { timeout: deadlineMs, killSignal: 'SIGKILL' as const }),
  })
  let [out, said] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
    const percent = /(\d{1,3})%[^%]*$/.exec(said)?.[1]
    if (percent !== undefined) options.onProgress?.(Number(percent) / 100)
  })
  // It ends before it read all only when it fails, and then says why.
  const fed =
    options.input && child.stdin ? pipeline(Readable.from(options.input), child.stdin).catch(e => e) : undefined
  const started = performance.now()
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    // Not 'close': what it started may hold its output open, as the service does that hangs.
    child.on('exit', (_, killedBy) => {
      if (killedBy !== 'SIGKILL' || deadlineMs === undefined || performance.now() - started < deadlineMs) return
      child.stdout?.destroy()
      child.stderr?.destroy()
      reject(hangs(options.doing, deadlineMs))
    })
    child.on('close', (status, killedBy) => resolve(status ?? (killedBy ? 128 : 1)))
  })
  const unread = await fed
  here.say({ type: 'debug', text: `VBoxManage ${args.join(' ')}: exit code ${code}` })
  // Warnings of the wrapper script of Linux (a kernel module that is missing) may come on stdout.
  if (code !== 0 || /^VBoxManage(\.exe)?: (fatal )?error:/im.test(said)) throw new VBoxFailure(args, code, said || out)
  if (unread instanceof Error && code !== 0) throw unread
  return out
}

function usualDeadline(args: readonly string[], { input, onProgress }: RunOptions): number | undefined {
  if (LOOKS.includes(args[0] ?? '')) return LOOK_MS
  return input || onProgress ? undefined : CHANGE_MS
}

function hangs(doing: string, deadlineMs: number): MachineError {
  return new MachineError('VBOX_SERVICE', `VirtualBox could not ${doing}: no answer within ${deadlineMs / 1000} s`, {
    hints: ['its service hangs: close its windows, end VBoxSVC, and try again'],
  })
}
