/**
 * The one error type of the project. It has the shape oclif prints (`code`, `suggestions`, `cause`, `oclif.exit`) and
 * imports nothing, so that every layer may throw it. Subclass only where somebody branches on the class.
 */

/** Process exit codes, as README documents them. 3 and 4 are what Docker Machine's callers (GitLab Runner) check for. */
export const EXIT = { failed: 1, usage: 2, precreate: 3, missing: 4, bug: 70 } as const

export interface ErrorOptions {
  /** What the reader can do about it: one imperative sentence each, most likely first. */
  hints?: string[]
  /** The error this one explains; shown with `--debug`. */
  cause?: unknown
  /** Exit code of the process if nobody catches the error; 1 by default. */
  exit?: number
}

/** A failure a person can understand: a stable code, one sentence with its values, hints one can act on. */
export class MachineError extends Error {
  readonly code: string
  readonly suggestions: string[]
  readonly oclif: { exit: number }

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'MachineError'
    this.code = code
    this.suggestions = options.hints ?? []
    this.oclif = { exit: options.exit ?? EXIT.failed }
  }
}

/** Used wrongly: a flag, a name or an argument that cannot be (exit 2). */
export class UsageError extends MachineError {
  constructor(message: string, hints: string[] = []) {
    super('USAGE', message, { hints, exit: EXIT.usage })
    this.name = 'UsageError'
  }
}

/** True when `error` is ours and carries `code`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof MachineError && error.code === code
}

/** What the thrower of `error` says can be done; nothing where it is no error of ours. */
export function suggestionsOf(error: unknown): string[] {
  return error instanceof MachineError ? [...error.suggestions] : []
}

/** The message of whatever was thrown, on one line. Errors are known by their shape: some come from another realm. */
export function messageOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown }
  const text = typeof message === 'string' ? message : String(error)
  return text.replace(/\s*\n\s*/g, ' ').trim()
}
