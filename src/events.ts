/**
 * What the library tells while it works. It never prints: commands render these events (task list, plain lines, JSON
 * lines), a program that uses the library passes its own `say`.
 */

/** The phases of a create, in order; the words `--log-format=json` prints. */
export type Phase =
  | 'pre-create'
  | 'certs'
  | 'create'
  | 'wait-running'
  | 'wait-ssh'
  | 'detect-os'
  | 'provision'
  | 'check-engine'

export type MachineEvent = {
  /** Name of the machine the event is about; absent for what concerns all. */
  machine?: string
} & (
  | { type: 'phase'; phase: Phase; text: string } //            a phase began; it ends when the next begins
  // how far the running phase is; `fraction` in 0…1 where known, `bytes` of a file that is under way
  | { type: 'progress'; text: string; fraction?: number; bytes?: { done: number; total: number } }
  | { type: 'info'; text: string }
  | { type: 'warn'; text: string }
  | { type: 'debug'; text: string }
  | { type: 'finished'; text: string; ms: number } //           the whole job on this machine is done
  | { type: 'failed'; text: string; ms: number }
)

export type Say = (event: MachineEvent) => void
