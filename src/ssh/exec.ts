/** One command on the open connection: its input, its output as it comes, its end, however that comes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ClientChannel } from 'ssh2'
import { MachineError } from '../errors.ts'
import type { Channels, Started } from './channels.ts'
import { feed } from './feed.ts'
import type { OnProgress, RunResult } from './host.ts'
import { behindMark, watchMark } from './mark.ts'
import { Output } from './output.ts'
import type { Program } from './program.ts'

export interface ExecOptions {
  /** Follows what the program itself wants on stdin, which is then closed. */
  readonly input?: Uint8Array | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly onLine?: ((line: string, stream: 'stdout' | 'stderr') => void) | undefined
  readonly onProgress?: OnProgress | undefined
  /** What runs and where, for errors: "`apt-get update` on root@host:22". */
  readonly what: string
  /** Ends the command's processes when it is given up; `pid` is its shell's. Closing the channel alone ends nothing. */
  readonly kill?: ((pid: number) => Promise<unknown>) | undefined
}

export interface Ended extends RunResult {
  /** False: the program never came to its command, and `stderr` holds all that was said instead. */
  readonly started: boolean
}

/** How long giving up may take: a command is to be ended, but whoever gives up does not want to wait. */
const KILL_MS = 2_000

/**
 * Runs a program and returns its output and exit code, 128 + n for one ended by a signal. Throws MachineError
 * REMOTE_TIMEOUT or SSH_LOST, or the signal's reason.
 */
export async function exec(channels: Channels, program: Program, options: ExecOptions): Promise<Ended> {
  const { signal, timeoutMs } = options
  signal?.throwIfAborted()
  const pid = Promise.withResolvers<number>()
  const abandon = Promise.withResolvers<never>()
  abandon.promise.catch(() => {}) // it may come while nobody waits for it
  const onSignal = () => abandon.reject(signal?.reason)
  const onLost = () => abandon.reject(channels.lost.reason)
  const timer = setTimeout(() => abandon.reject(tooLong(options)), timeoutMs)
  signal?.addEventListener('abort', onSignal)
  channels.lost.addEventListener('abort', onLost)
  let channel: ClientChannel | undefined
  const running = channels.start(program).then(started => {
    channel = started.channel
    return finish(started, program.mark, pid.resolve, options)
  })
  try {
    return await Promise.race([running, abandon.promise])
  } catch (error) {
    running.catch(() => {})
    if (!channels.lost.aborted && options.kill) {
      await Promise.race([pid.promise.then(options.kill).catch(() => {}), sleep(KILL_MS, undefined, { ref: false })])
    }
    if (!channels.lost.aborted) channel?.close()
    throw error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onSignal)
    channels.lost.removeEventListener('abort', onLost)
  }
}

function tooLong({ what, timeoutMs }: ExecOptions): MachineError {
  return new MachineError('REMOTE_TIMEOUT', `${what} was given up after ${timeoutMs / 1000} s`, {
    hints: ['look on the host whether it still runs, and what it waits for'],
  })
}

async function finish(
  started: Started,
  mark: string,
  onStart: (pid: number) => void,
  options: ExecOptions,
): Promise<Ended> {
  const { input, onLine, onProgress, what } = options
  const { channel } = started
  const stdout = new Output(onLine && (line => onLine(line, 'stdout')))
  const stderr = new Output(watchMark(mark, onStart, onLine && (line => onLine(line, 'stderr'))))
  await new Promise<void>((resolve, reject) => {
    const guarded = (output: Output) => (chunk: Buffer) => {
      try {
        output.add(chunk)
      } catch (error) {
        reject(error) // from the caller's onLine
      }
    }
    channel.on('data', guarded(stdout))
    channel.stderr.on('data', guarded(stderr))
    channel.on('close', resolve)
    if (input && onProgress) feed(channel, input, onProgress, reject)
    else channel.end(input)
  })
  if (started.code === undefined) {
    throw new MachineError('SSH_LOST', `${what} ended without an exit code: the session was cut off`)
  }
  const printed = { stdout: stdout.end(), stderr: stderr.end() }
  const own = behindMark(printed.stderr, mark)
  return { code: started.code, ...printed, stderr: own ?? printed.stderr, started: own !== undefined }
}
