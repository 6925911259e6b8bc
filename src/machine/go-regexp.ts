/** Regular expressions as Go writes them: what differs from JavaScript's and is used in names of machines. */
import { MachineError, messageOf } from '../errors.ts'

/** V8's reasons → Go's. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/Unterminated group/, 'missing closing )'],
  [/Unmatched '\)'/, 'unexpected )'],
  [/Unterminated character class/, 'missing closing ]'],
  [/Nothing to repeat/, 'missing argument to repetition operator'],
  [/Range out of order/, 'invalid character class range'],
  [/Invalid group/, 'invalid or unsupported Perl syntax'],
  [/\\ at end/, 'trailing backslash at end of expression'],
  [/Invalid (escape|property name)/, 'invalid escape sequence'],
]

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
}

/** What JavaScript lets be escaped; Go takes a backslash before any punctuation. */
const SYNTAX = '^$\\.*+?()[]{}|/'
const hexOf = (char: string) => `\\x${char.charCodeAt(0).toString(16)}`

/** Throws FILTER with Go's words for an expression that is none (exit 1). */
export function goRegExp(text: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(text) ?? []
  const source = rest
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<')
    .replace(/\[:(\w+):\]/g, (all, name) => CLASSES[name] ?? all)
    .replace(/\\p([A-Z])/g, '\\p{$1}')
    .replace(/\\([!-/:-@[-`{-~])/g, (all, char) => (SYNTAX.includes(char) ? all : hexOf(char)))
  try {
    return new RegExp(source, `u${flags}`)
  } catch (cause) {
    const reason = REASONS.find(([pattern]) => pattern.test(messageOf(cause)))?.[1] ?? 'invalid expression'
    throw new MachineError('FILTER', `error parsing regexp: ${reason}: \`${text}\``, { cause })
  }
}
