/** One request, as the audit log and the metrics see it. */
import type { Role } from '../protocol.ts'

export interface Entry {
  /** When its head had come, in milliseconds since 1970. */
  readonly at: number
  /** Common name, OU (as it stands in the certificate, '' for none) and serial of the client's certificate. */
  readonly name: string
  readonly ou: string
  readonly serial: string
  readonly role: Role | undefined
  /** The client's address, without port. */
  readonly address: string
  /** As it came; '' where the head could not be read. */
  readonly method: string
  /** Normalised, without its query, which may hold secrets. */
  readonly path: string
  /** What the client was answered; 0 where nothing was. 101 for a stream that took the connection over. */
  readonly status: number
  /** Bytes of bodies and streams, from and to the client. */
  readonly bytesIn: number
  readonly bytesOut: number
  readonly durationMs: number
  /** Why it was refused or cut, for people. */
  readonly note?: string
}
