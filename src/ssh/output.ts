/** Gathers what a command prints: text across chunk borders, lines as they come, and no more than fits in memory. */
import { StringDecoder } from 'node:string_decoder'

/** How much of a stream is kept, in characters: so much of its begin and so much of its end. */
const KEPT_EACH = 4 * 1024 * 1024

/** One stream of a command. */
export class Output {
  readonly #decoder = new StringDecoder('utf8')
  readonly #onLine: ((line: string) => void) | undefined
  readonly #keptEach: number
  #head = ''
  #tail = ''
  #dropped = 0
  #line = ''

  constructor(onLine?: (line: string) => void, keptEach = KEPT_EACH) {
    this.#onLine = onLine
    this.#keptEach = keptEach
  }

  add(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk))
  }

  /** Everything printed; of more than 8 Mi characters the begin and the end, with a note between. */
  end(): string {
    this.#take(this.#decoder.end())
    if (this.#line !== '') this.#onLine?.(this.#line)
    this.#line = ''
    const surplus = Math.max(0, this.#tail.length - this.#keptEach)
    const left = this.#dropped + surplus
    return left === 0
      ? this.#head + this.#tail
      : `${this.#head}\n… ${left} characters left out …\n${this.#tail.slice(surplus)}`
  }

  #take(text: string): void {
    const room = this.#keptEach - this.#head.length
    this.#head += text.slice(0, room)
    this.#tail += text.slice(room)
    if (this.#tail.length > 2 * this.#keptEach) {
      this.#dropped += this.#tail.length - this.#keptEach
      this.#tail = this.#tail.slice(-this.#keptEach)
    }
    if (!this.#onLine) return
    const lines = (this.#line + text).split('\n')
    this.#line = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line.replace(/\r$/, ''))
  }
}

/** The last lines of a text that say something, for an error. */
export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join('\n').slice(-2000)
}
