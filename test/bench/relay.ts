/** A TCP relay on loopback that holds every byte back for half a round trip: distance, without touching the kernel. */
import { connect, createServer, type Socket } from 'node:net'

export interface Relay extends AsyncDisposable {
  readonly port: number
}

/** Relays 127.0.0.1:`port` (0: a free one) to `to`, `oneWayMs` later each way. Order is kept; bandwidth is not limited. */
export async function delayingRelay(to: { address: string; port: number }, oneWayMs: number, port = 0): Promise<Relay> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer({ allowHalfOpen: true }, near => {
    keep(near)
    const far = keep(connect({ host: to.address, port: to.port, allowHalfOpen: true }))
    const opened = Date.now() + 2 * oneWayMs
    carry(near, far, oneWayMs, () => Math.max(0, opened - Date.now()))
    carry(far, near, oneWayMs, () => Math.max(0, opened - Date.now()))
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

/** The accept on loopback is instant, so the round trip of a real connect is charged to the first bytes. */
function carry(from: Socket, to: Socket, oneWayMs: number, handshakeLeftMs: () => number): void {
  let last = 0
  const waiting: (() => void)[] = []
  const inOrder = (act: () => void) => {
    const due = Math.max(last, Date.now() + oneWayMs + (last === 0 ? handshakeLeftMs() : 0))
    last = due
    // The first bytes wait longer than those after them, and timers of different lengths that end together fire in any
    // order: whichever does lets the oldest go. A stream with two pieces swapped is no stream.
    waiting.push(act)
    setTimeout(() => waiting.shift()?.(), due - Date.now())
  }
  from.on('data', chunk => inOrder(() => to.destroyed || to.write(chunk)))
  from.on('end', () => inOrder(() => to.destroyed || to.end()))
  from.on('close', () => inOrder(() => to.destroy()))
}
