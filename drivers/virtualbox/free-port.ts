/** A port of 127.0.0.1 that nobody listens on now. */
import { createServer } from 'node:net'

/** `wanted`, if it is free; else another. */
export async function freePort(wanted: number): Promise<number> {
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer()
      server.on('error', reject)
      server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
      })
    })
  return wanted > 0 ? await listen(wanted).catch(() => listen(0)) : await listen(0)
}
