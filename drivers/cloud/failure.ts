/** What went wrong at a cloud, without anything that it could give away. */

/** What is known of a failure. */
export interface Told {
  /** The provider's own ('InvalidInstanceID.NotFound') or Node's. */
  readonly code: string
  readonly message: string
  /** HTTP status; undefined: no answer came. */
  readonly status?: number | undefined
  /** For the provider's support. */
  readonly requestId?: string | undefined
  /** The provider's clock less ours, in milliseconds, where it told. */
  readonly clockAheadMs?: number | undefined
}

/** The provider's answer, or why there was none. */
export class CloudFailure extends Error implements Told {
  readonly code: string
  readonly action: string
  readonly status: number | undefined
  readonly requestId: string | undefined
  readonly clockAheadMs: number | undefined

  constructor(action: string, told: Told) {
    super(told.message)
    this.code = told.code
    this.action = action
    this.status = told.status
    this.requestId = told.requestId
    this.clockAheadMs = told.clockAheadMs
  }
}

/** The failure behind an error that a driver's `call` threw; undefined for any other error. */
export function failureBehind(error: unknown): CloudFailure | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof CloudFailure) return at
  return undefined
}

/** The provider's own code ('InvalidInstanceID.NotFound') behind an error that a driver's `call` threw. */
export function providerCode(error: unknown): string | undefined {
  return failureBehind(error)?.code
}

/** Whether the provider said no, in so many words: nothing was done. */
export function wasRefused(error: unknown): boolean {
  const { status } = failureBehind(error) ?? {}
  return status !== undefined && status < 500
}

/** Node's code where it stands in the text alone. */
export function nodeCodeIn(message: string): string | undefined {
  const code = /\b(E[A-Z]{4,}|EAI_[A-Z]+|ERR_[A-Z_]+)\b/.exec(message)?.[1]
  return code ?? (/socket hang up/.test(message) ? 'ECONNRESET' : undefined)
}

/** How far the clock that wrote these headers is ahead of ours, in milliseconds. */
export function clockAhead(headers: Readonly<Record<string, string | undefined>> | undefined, now: number) {
  const date = Date.parse(headers?.date ?? '')
  return Number.isNaN(date) ? undefined : date - now
}

/** One line, the secrets blotted out wherever they stand. */
export function blotted(text: string, secrets: readonly string[]): string {
  const line = text.replace(/\s*\n\s*/g, ' ').trim()
  return secrets.filter(s => s.length > 3).reduce((clean, secret) => clean.replaceAll(secret, '***'), line)
}
