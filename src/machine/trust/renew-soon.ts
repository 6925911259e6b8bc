/** The door to renew-server.ts for commands that have to be quick: what renews a certificate is loaded only when one is due. */
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'

/** Certificates are made anew when less than this is left of them, in milliseconds; `provision` has the same limit. */
export const RENEW_WITHIN_MS = 30 * 86_400_000

/** As `renewIfDue`. */
export async function renewIfSoon(record: MachineRecord, w: World, notAfter: string): Promise<boolean> {
  if (record.Machine?.EngineAgent !== 'on' || Date.parse(notAfter) - w.now().getTime() >= RENEW_WITHIN_MS) return false
  const { renewIfDue } = await import('./renew-server.ts')
  return await renewIfDue(record, w, notAfter)
}
