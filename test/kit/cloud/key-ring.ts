/** The access keys a cloud knows. Random in each, and never logged: tests look for them in all that a run leaves. */

interface Known {
  readonly accessKeyId: string
}

export interface KeyRing<Lasting extends Known, Temporary extends Lasting> {
  /** What `cloud.env` holds. */
  readonly canary: Lasting
  /** A key for `ttlS` seconds (an hour by default) with a token, as STS and instance roles give them. */
  temporary(options?: { ttlS?: number }): Temporary
  /** Another lasting key of the same account. */
  another(): Lasting
  find(accessKeyId: string): Lasting | undefined
}

export interface KeyMaker<Lasting, Temporary> {
  lasting(): Lasting
  /** `expiresAt`: ms since 1970. */
  temporary(expiresAt: number): Temporary
}

export function keyRing<Lasting extends Known, Temporary extends Lasting>(
  make: KeyMaker<Lasting, Temporary>,
  now: () => number,
): KeyRing<Lasting, Temporary> {
  const known = new Map<string, Lasting>()
  const add = <K extends Lasting>(key: K): K => {
    known.set(key.accessKeyId, key)
    return key
  }
  const another = () => add(make.lasting())
  return {
    canary: another(),
    another,
    temporary: ({ ttlS = 3600 } = {}) => add(make.temporary(now() + ttlS * 1000)),
    find: accessKeyId => known.get(accessKeyId),
  }
}
