/**
 * Ports of NAT: on this computer somebody listens as soon as the machine runs, and takes connections before the guest listens;
 * what cannot be carried on is closed then.
 */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

export interface Relay {
  readonly hostIp: string
  readonly hostPort: number
  close(): Promise<void>
}

/** @param where the guest's address now; throws when the port is taken */
export async function startRelay(
  hostIp: string,
  hostPort: number,
  where: () => { address: string; port: number } | 'nobody' | 'paused',
): Promise<Relay> {
  const open = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, socket => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
    const target = where()
    // Of a machine that is paused nobody hears any more; the connection stays.
    if (target === 'paused') return
    if (target === 'nobody') {
      socket.destroy()
      return
    }
    const onward = connect({ host: target.address, port: target.port, allowHalfOpen: true })
    open.add(onward)
    onward.on('error', () => socket.destroy())
    onward.on('close', () => open.delete(onward))
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  })
  // The real one listens everywhere when it is told no address; a test opens no port of this computer to others.
  server.listen(hostPort, hostIp === '' ? '127.0.0.1' : hostIp)
  await once(server, 'listening')
  return {
    hostIp,
    hostPort,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
