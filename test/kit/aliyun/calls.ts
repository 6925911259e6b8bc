/** The record of what was called, as any cloud of the kit keeps it. */
import type { Call, CallAbout } from '../cloud/calls.ts'

export interface AliyunAbout extends CallAbout {
  /** GET, or POST as whoever has secrets to send should. */
  readonly method: string
}
export type AliyunCall = AliyunAbout & Call
