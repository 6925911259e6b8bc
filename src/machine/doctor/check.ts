/** A check of `doctor`: one thing looked at, one line told. Checks are data; `examine` runs them. */

/** 'warning': works, and will not for ever, or a part is missing that not everybody needs. */
export type State = 'ok' | 'warning' | 'failed' | 'skipped'

export interface Finding {
  readonly state: State
  /** What was seen, on one line. */
  readonly detail: string
  /** What can be done, best first: commands one can type, else a sentence. */
  readonly remedies: readonly string[]
}

export const ok = (detail: string): Finding => ({ state: 'ok', detail, remedies: [] })
export const warning = (detail: string, ...remedies: string[]): Finding => ({ state: 'warning', detail, remedies })
export const failed = (detail: string, ...remedies: string[]): Finding => ({ state: 'failed', detail, remedies })
export const skipped = (detail: string): Finding => ({ state: 'skipped', detail, remedies: [] })

/** `P` is what is looked at: this computer, or a machine. */
export interface Check<P> {
  /** Stable word for programs: 'server-certificate'. */
  readonly id: string
  /** For people: 'server certificate'. */
  readonly what: string
  /** Ids of checks before this one in the list that must not have failed: without them this one cannot be made. */
  readonly needs?: readonly string[]
  /** Looks, and changes nothing. What it throws is a failed check. Heeds the signal of its patient's world. */
  look(patient: P): Promise<Finding>
}

/** A check that was made. */
export interface Result extends Finding {
  /** Absent for checks of this computer. */
  readonly machine?: string
  readonly check: string
  readonly what: string
}
