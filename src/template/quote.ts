/** Go's quoted strings (%q) and values in Go's own syntax (%#v). */
import { floatText } from './format.ts'
import { isMap, keysOf, Struct, typeOf } from './value.ts'

const NAMED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

/** `text` in double quotes; with `raw`, in backquotes where that is possible. */
export function goQuote(text: string, raw = false): string {
  if (raw && !/[`\p{C}]/u.test(text.replaceAll('\t', ''))) return `\`${text}\``
  return `"${text.replace(/["\\]|[^\P{C}]|[^ \P{Z}]/gu, char => NAMED[char] ?? numbered(char))}"`
}

function numbered(char: string): string {
  const point = char.codePointAt(0) ?? 0
  const hex = point.toString(16)
  if (point < 0x80) return `\\x${hex.padStart(2, '0')}`
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

export function goSyntax(value: unknown): string {
  if (typeof value === 'string') return goQuote(value)
  if (typeof value === 'number') return floatText(value, 'g', undefined)
  if (Array.isArray(value)) return `${typeOf(value)}{${value.map(inner).join(', ')}}`
  if (value instanceof Struct)
    return `${value.type}{${Object.entries(value.fields)
      .map(([k, v]) => `${k}:${inner(v)}`)
      .join(', ')}}`
  if (isMap(value))
    return `${typeOf(value)}{${keysOf(value)
      .map(k => `${goQuote(k)}:${inner(value[k])}`)
      .join(', ')}}`
  return value === null || value === undefined ? '<nil>' : String(value)
}

/** An element whose static type is an interface. */
function inner(value: unknown): string {
  return value === null || value === undefined ? 'interface {}(nil)' : goSyntax(value)
}
