/** What happens to an instance by and by: one deed after the other, whenever each was asked for. */
export class DeedsInTurn {
  #last: Promise<void> = Promise.resolve()

  /** `broke` is for what the deed throws. */
  add(deed: () => Promise<void>, broke: (error: unknown) => void | Promise<void>): void {
    const before = this.#last
    const turn = async () => {
      await before
      await deed()
    }
    this.#last = turn().catch(broke)
  }

  /** Resolves when nothing goes on any more. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined
    while (seen !== this.#last) {
      seen = this.#last
      await seen
    }
  }
}
