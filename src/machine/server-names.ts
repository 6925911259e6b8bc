/** What a machine's server certificate has to cover. */
import type { MachineRecord } from './record.ts'

/** Every name the engine of this machine may be called by. */
export function serverNames(record: MachineRecord, address: string): string[] {
  return [...new Set([address, ...(record.HostOptions.AuthOptions?.ServerCertSANs ?? [])])].filter(n => n !== '')
}
