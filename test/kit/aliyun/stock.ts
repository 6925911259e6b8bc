/** What is in stock of an instance type in a zone: all of it, unless a test says it is sold out. */

export class Stock {
  readonly #none = new Set<string>()
  readonly #late = new Set<string>()

  /** Sold out; '*' is every zone or every type. */
  none(zone: string, type: string): void {
    this.#none.add(`${zone} ${type}`)
  }

  some(zone: string, type: string): void {
    this.#none.delete(`${zone} ${type}`)
    this.#late.delete(`${zone} ${type}`)
  }

  /** A launch is taken, and then the instance disappears: stock ran out after all. */
  lateNone(zone: string, type: string): void {
    this.#late.add(`${zone} ${type}`)
  }

  has(zone: string, type: string): boolean {
    return !Stock.#matches(this.#none, zone, type)
  }

  isLate(zone: string, type: string): boolean {
    return Stock.#matches(this.#late, zone, type)
  }

  static #matches(set: Set<string>, zone: string, type: string): boolean {
    return [`${zone} ${type}`, `${zone} *`, `* ${type}`, '* *'].some(key => set.has(key))
  }
}
