/** Which certificate a server shows, whether or not it is to be trusted: for telling what is wrong with it. */
import { X509Certificate } from 'node:crypto'
import { type EngineAddress, hostAndPort } from './attempt.ts'

/** A look at a certificate explains an error; it must not cost as much as the error did. */
const PATIENCE_MS = 3_000

/**
 * PEM of the certificate the engine shows in its handshake; undefined if none is seen in time. Nothing is verified and
 * nothing is sent: what it returns is for texts and checks, and no connection is ever made on the strength of it.
 */
export async function shownCertificate(at: Pick<EngineAddress, 'url' | 'signal'>): Promise<string | undefined> {
  const { connect } = await import('node:tls')
  return await new Promise(resolve => {
    const socket = connect({ ...hostAndPort(at.url), rejectUnauthorized: false, timeout: PATIENCE_MS })
    const finish = (pem?: string) => {
      at.signal?.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(pem)
    }
    const giveUp = () => finish()
    at.signal?.addEventListener('abort', giveUp)
    socket.on('error', giveUp).on('timeout', giveUp).on('close', giveUp)
    socket.on('secureConnect', () => {
      const { raw } = socket.getPeerCertificate()
      finish(raw ? new X509Certificate(raw).toString() : undefined)
    })
  })
}
