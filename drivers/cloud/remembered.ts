/** What is expensive to have and holds for a while: temporary credentials, connections. */

/** Renewed this long before it expires. */
const MARGIN_MS = 5 * 60_000

/** One fetch at a time, and its result until it is about to expire: ten creates ask for one second factor. */
export function remembered<T>(fetch: () => Promise<T>, expires: (value: T) => Date | undefined): () => Promise<T> {
  let last: Promise<T> | undefined
  let until = Number.POSITIVE_INFINITY
  return () => {
    if (last && Date.now() < until) return last
    until = Number.POSITIVE_INFINITY
    const next = fetch()
    last = next
    next.then(
      value => {
        const end = expires(value)
        if (end) until = end.getTime() - MARGIN_MS
      },
      () => {
        last = undefined
      },
    )
    return next
  }
}

/** What was made for somebody under a key, made once. What failed is made anew by the next who asks. */
export function keptFor<Owner extends object, T>(): (owner: Owner, key: string, make: () => Promise<T>) => Promise<T> {
  const all = new WeakMap<Owner, Map<string, Promise<T>>>()
  return (owner, key, make) => {
    const its = all.get(owner) ?? new Map<string, Promise<T>>()
    all.set(owner, its)
    const kept = its.get(key) ?? make()
    its.set(key, kept)
    kept.catch(() => its.delete(key))
    return kept
  }
}
