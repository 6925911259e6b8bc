import { dataOf, type Line, messageIn } from './output.ts'

/** How a vagrant ended that failed. */
export interface Failure {
  /** Vagrant's own class, without its modules: 'BoxAddShortNotFound'; '' where it did not come so far. */
  readonly kind: string
  /** All it said of it, paragraphs and all. */
  readonly text: string
  readonly code: number
}

/** The failure out of all that was printed: what ended it, else its errors, else what it printed besides. */
export function failureIn(lines: readonly Line[], errors: readonly string[], code: number): Failure {
  const [kind = '', ...said] = dataOf(lines, 'error-exit') ?? []
  const shown = lines.map(messageIn).filter(message => message?.kind === 'error')
  const text = said.join(',') || shown.map(message => message?.text).join('\n\n') || errors.join('\n')
  return { kind: kind.replace(/^.*::/, ''), text: text.trim(), code }
}
