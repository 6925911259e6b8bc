/** Passing bytes from one socket to another no faster than they are taken. */
import type { Socket } from 'node:net'

/** From this on a piece is worth collecting with those that follow in the same turn of the event loop, in bytes. */
const WORTH_COLLECTING = 8192

/**
 * Writes to `to`; pauses `from` while `to` has enough. TLS gives its records one by one, 16 KiB at most: several that came
 * together are handed to the engine in one system call.
 */
export function pass(bytes: Buffer, from: Socket, to: Socket): void {
  if (bytes.length >= WORTH_COLLECTING && to.writableCorked === 0) {
    to.cork()
    setImmediate(() => to.uncork())
  }
  if (!to.write(bytes)) from.pause()
}

/** How long a connection stays open for its client to close it, once all is written, in milliseconds. */
const LINGER_MS = 5000
/** And for a client that does not even take what is written. */
const STUCK_MS = 120_000

/**
 * Ends a connection so that all that was written arrives: closing while the other side still sends makes the kernel reset
 * the connection, and the other side's kernel may throw away what it had not read yet. So what comes is read and dropped.
 */
export function endGently(socket: Socket): void {
  if (socket.destroyed) return
  socket.removeAllListeners('data')
  socket.on('data', () => {})
  socket.resume()
  let timer: NodeJS.Timeout | undefined
  const within = (ms: number) => {
    clearTimeout(timer)
    if (socket.destroyed) return
    timer = setTimeout(() => socket.destroy(), ms)
    timer.unref()
  }
  within(STUCK_MS)
  socket.end(() => within(LINGER_MS))
  socket.once('end', () => socket.destroySoon())
  socket.once('close', () => clearTimeout(timer))
}
