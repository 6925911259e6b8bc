/** The tokens of one action, taken one after the other. */
import type { Token } from './lex.ts'
import type { Problem } from './problem.ts'

export class Tokens {
  private next = 0
  private readonly tokens: readonly Token[]
  private readonly start: number
  readonly problem: Problem

  constructor(tokens: readonly Token[], at: number, problem: Problem) {
    this.tokens = tokens
    this.start = at
    this.problem = problem
  }

  /** The place in the template's text of what was taken last. */
  get at(): number {
    return this.tokens[this.next - 1]?.at ?? this.start
  }

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.next + ahead]
  }

  take(): Token | undefined {
    return this.tokens[this.next++]
  }

  /** Takes the next token if it is this sign. */
  takeSign(sign: string): boolean {
    const found = this.peek()?.kind === 'sign' && this.peek()?.text === sign
    if (found) this.next += 1
    return found
  }

  takeString(where: string): string {
    const token = this.take()
    return token?.kind === 'string' ? token.text : this.problem(this.at, `${where} needs a name in quotes`)
  }

  /** Throws unless all was taken. */
  end(where: string): void {
    const more = this.peek()
    if (more) this.problem(more.at, `unexpected ${JSON.stringify(more.text || '.')} in ${where}`)
  }
}
