/** What a cloud answers when it refuses. */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Throws one unless `holds`. */
export function refuseUnless(holds: unknown, code: string, message: string, status = 400): asserts holds {
  if (!holds) throw new Problem(code, message, status)
}
