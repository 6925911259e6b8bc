/** The lines of an HTTP/1.1 head. */
import { HttpProblem } from './problem.ts'

export type Field = readonly [name: string, value: string]

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/
/** More than any client of the engine sends. */
const MOST_FIELDS = 200

/**
 * The first line and the fields of a head without its closing empty line (latin1). Nothing is forgiven that two readers
 * could read differently: folded lines, blanks before a colon, lone CR or LF.
 */
export function readLines(text: string): { first: string; fields: Field[] } {
  const [first = '', ...lines] = text.split('\r\n')
  if (lines.length > MOST_FIELDS) throw new HttpProblem(431, `more than ${MOST_FIELDS} header fields`)
  if (CONTROL.test(first)) throw new HttpProblem(400, 'a control character in the first line')
  return { first, fields: lines.map(readField) }
}

function readField(line: string): Field {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  if (!NAME.test(name)) throw new HttpProblem(400, 'a header field without a proper name')
  const value = withoutBlanks(line, colon + 1)
  if (CONTROL.test(value)) throw new HttpProblem(400, 'a control character in a header field')
  return [name, value]
}

/** Not by a regular expression: one that looks for blanks at the end tries anew at each of 100,000 in the middle. */
function withoutBlanks(line: string, from: number): string {
  const blank = (at: number) => line[at] === ' ' || line[at] === '\t'
  let [begin, end] = [from, line.length]
  while (begin < end && blank(begin)) begin++
  while (end > begin && blank(end - 1)) end--
  return line.slice(begin, end)
}

/** Values of all fields of that name (lower case), in order. */
export function valuesOf(fields: readonly Field[], name: string): string[] {
  return fields.filter(([n]) => n.length === name.length && n.toLowerCase() === name).map(([, value]) => value)
}

/** Members of comma-separated lists, lower case. */
export function tokensOf(fields: readonly Field[], name: string): string[] {
  return valuesOf(fields, name)
    .flatMap(value => value.split(','))
    .map(token => token.trim().toLowerCase())
    .filter(token => token !== '')
}
