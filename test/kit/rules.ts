/** Rules of a stand-in: which calls they hit, counted since each was added. What fits, and what happens then, is the stand-in's. */

/** Which of the calls that fit are hit. */
export interface Count {
  /** Only the nth such call since the rule was added, from 1; with `times` that one and those after it. */
  readonly nth?: number
  /** How many calls it hits: with nth 1, else all. */
  readonly times?: number
}

export interface Rule {
  /** How many calls it has hit. */
  readonly hits: number
  remove(): void
}

export class Rules<F extends Count> {
  #rules: { fault: F; seen: number; hits: number }[] = []

  add(fault: F): Rule {
    const entry = { fault, seen: 0, hits: 0 }
    this.#rules.push(entry)
    const remove = () => {
      this.#rules = this.#rules.filter(rule => rule !== entry)
    }
    return {
      get hits() {
        return entry.hits
      },
      remove,
    }
  }

  clear(): void {
    this.#rules = []
  }

  /** The first rule that fits this call and hits it. Those before it that fit have counted the call, too. */
  first(fits: (fault: F) => boolean): F | undefined {
    for (const rule of this.#rules) {
      const { fault } = rule
      if (!fits(fault)) continue
      rule.seen += 1
      const first = fault.nth ?? 1
      const times = fault.times ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1)
      if (rule.seen < first || rule.seen >= first + times) continue
      rule.hits += 1
      return fault
    }
    return undefined
  }
}
