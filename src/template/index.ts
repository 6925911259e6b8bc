/**
 * Go's text/template, for `inspect -f` and `ls -f`: the language Docker Machine's scripts are written in. A leaf: text and
 * a value in, text out. Compared with what Go itself prints in test/unit/template.
 */
import { evaluate } from './evaluate.ts'
import { FUNCTIONS, type Functions } from './functions.ts'
import { parseTemplate } from './parse.ts'
import { problemsOf } from './problem.ts'

export type { Functions } from './functions.ts'
export { Struct } from './value.ts'

export interface Template {
  /** The text it makes of `data`. Throws MachineError TEMPLATE with the place and what is wrong there. */
  render(data: unknown): string
}

/** Parses `text`. Throws MachineError TEMPLATE with the place and what is wrong there. */
export function compileTemplate(text: string, own: Functions = {}): Template {
  const known = new Set([...Object.keys(FUNCTIONS), ...Object.keys(own)])
  const parsed = parseTemplate(text, known, problemsOf(text, 'template parsing error'))
  return { render: data => evaluate(parsed, data, own, problemsOf(text, 'template error')) }
}
