/** The check `env` makes before it prints. */
import { type EngineAddress, get } from './request.ts'

/**
 * Resolves when both sides accepted each other. With TLS 1.3 a client learns that its certificate was refused only when it
 * reads, so one small request goes with the handshake.
 */
export async function tlsHandshake(at: EngineAddress): Promise<void> {
  await get(at, '/_ping')
}
