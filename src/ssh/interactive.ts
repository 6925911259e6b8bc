/** `machine ssh` where no ssh is installed: the built-in client on the caller's own streams. */
import type { Readable, Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import type { ClientChannel, PseudoTtyOptions } from 'ssh2'
import { MachineError } from '../errors.ts'
import { Started } from './channels.ts'
import { type DialOptions, dialClient } from './dial.ts'

export interface Streams {
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
}

/** Where to: the machine's part of DialOptions. */
export type Destination = Pick<
  DialOptions,
  'address' | 'port' | 'user' | 'keyPath' | 'alias' | 'hostKeys' | 'jumpHostKeys' | 'machine' | 'connectTimeoutMs'
>
/** From where: the caller's part. */
export type Surroundings = Pick<DialOptions, 'env' | 'home' | 'signal' | 'askSecret'>

/**
 * Runs a command (its words joined by spaces and read by the remote shell, as ssh does), or a log-in shell for no
 * words, and returns the remote exit code, 128 + n for a signal. A shell gets a terminal when `streams` (this
 * process's by default) are one: raw mode, and its size is followed; `tty` asks for the same with a command. Throws
 * what `dial` throws (one attempt), and SSH_LOST (exit 255, as ssh).
 */
export async function interactive(
  destination: Destination,
  command: readonly string[],
  from: Surroundings,
  { tty = false, streams = process as Streams } = {},
): Promise<number> {
  const { env, home, signal, askSecret } = from
  const caller = { env, home, ...(signal ? { signal } : {}), ...(askSecret ? { askSecret } : {}) }
  const dialed = await dialClient({ ...destination, ...caller, deadlineMs: 0 })
  const input = streams.stdin as ReadStream
  const output = streams.stdout as WriteStream
  const wanted = command.length === 0 || tty
  const pty = wanted && input.isTTY && output.isTTY ? sizeOf(output, env.TERM) : undefined
  try {
    const started = await new Promise<Started>((resolve, reject) => {
      const opened = (error: Error | undefined, channel: ClientChannel) =>
        error ? reject(error) : resolve(new Started(channel))
      if (command.length === 0) dialed.client.shell(pty ?? false, opened)
      else dialed.client.exec(command.join(' '), pty ? { pty } : {}, opened)
    })
    return await join(started, streams, pty !== undefined)
  } finally {
    await dialed.close()
  }
}

function sizeOf(output: WriteStream, term = 'xterm'): PseudoTtyOptions {
  return { term, cols: output.columns, rows: output.rows, width: 0, height: 0 }
}

async function join(started: Started, { stdin, stdout, stderr }: Streams, terminal: boolean): Promise<number> {
  const { channel } = started
  const input = stdin as ReadStream
  const output = stdout as WriteStream
  const resized = () => channel.setWindow(output.rows, output.columns, 0, 0)
  if (terminal) {
    input.setRawMode(true)
    output.on('resize', resized)
  }
  try {
    return await new Promise<number>((resolve, reject) => {
      channel.on('close', () => {
        if (started.code !== undefined) resolve(started.code)
        else reject(new MachineError('SSH_LOST', 'the connection was lost before the command ended', { exit: 255 }))
      })
      channel.pipe(stdout, { end: false })
      channel.stderr.pipe(stderr, { end: false })
      stdin.pipe(channel)
    })
  } finally {
    stdin.unpipe(channel)
    stdin.pause()
    if (terminal) {
      input.setRawMode(false)
      output.off('resize', resized)
    }
  }
}
