import { connect } from 'node:net'

/** How long the SSH port may take to accept, in milliseconds; Docker Machine's figure. */
const DIAL_TIMEOUT_MS = 15_000

/** True when a TCP connection to the address is accepted in time; rejects with the signal's reason. */
export function answers(
  address: string,
  port: number,
  signal: AbortSignal,
  timeoutMs = DIAL_TIMEOUT_MS,
): Promise<boolean> {
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
    const timer = setTimeout(() => end(() => resolve(false)), timeoutMs)
    signal.addEventListener('abort', aborted, { once: true })
    socket.on('connect', () => end(() => resolve(true)))
    socket.on('error', () => end(() => resolve(false)))
  })
}
