/** Starting another process of the agent that goes on with our sockets: no connection is refused meanwhile. */
import { type ChildProcess, spawn } from 'node:child_process'
import { HANDED_OVER } from './sockets.ts'

/** A process that is not ready after this long will not be; far more than the half second a start takes. */
const READY_MS = 10_000

export interface Start {
  readonly node: string
  readonly program: string
  /** File descriptors of listening sockets. Not Node's servers: spawn() takes those, starts the process, and then throws. */
  readonly sockets: readonly number[]
}

/** Said over the channel by a process that serves; by a supervisor, with a connection; and when another one serves. */
export const READY = 'ready'
export const CONNECTION = 'connection'
export const DRAIN = 'drain'

/** Resolves with the process when it serves; throws, and has ended it, when it does not. */
export async function startSuccessor({ node, program, sockets }: Start): Promise<ChildProcess> {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES, ...env } = process.env
  const child = spawn(node, [...process.execArgv, program], {
    stdio: ['ignore', 'inherit', 'inherit', ...sockets, 'ipc'],
    env: { ...env, [HANDED_OVER]: String(sockets.length) },
  })
  try {
    await ready(child)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return child
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it was not ready after ${READY_MS / 1000} s`)), READY_MS)
    child.on('error', reject) // and stays: a message it does not take any more is such an error too, and ends nobody else
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${signal ?? `code ${code}`}`)))
    child.on('message', message => {
      if (message !== READY) return
      clearTimeout(timer)
      resolve()
    })
  })
}
