import { connect } from 'node:net'

/** True when a TCP connection to the address is accepted within so many milliseconds; rejects with the signal's reason. */
export function answers(address: string, port: number, signal: AbortSignal, withinMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = connect({ host: address, port })
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', aborted)
      clearTimeout(timer)
      socket.destroy()
      settle()
    }
    const aborted = () => end(() => reject(signal.reason))
    const timer = setTimeout(() => end(() => resolve(false)), withinMs)
    signal.addEventListener('abort', aborted, { once: true })
    socket.on('connect', () => end(() => resolve(true)))
    socket.on('error', () => end(() => resolve(false)))
  })
}
