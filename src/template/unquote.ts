/** A string of Go's, as it stands in a template, → what it means. */

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** Bytes given as \x and \ooo are taken for code points: Latin-1, which nobody means otherwise in a template. */
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu

/** `"…"`, `` `…` `` or `'…'`; undefined for an escape Go does not know. */
export function unquote(quoted: string): string | undefined {
  const inner = quoted.slice(1, -1)
  if (quoted[0] === '`') return inner.replaceAll('\r', '')
  const other = quoted[0] === '"' ? "'" : '"'
  let known = true
  const bad = () => {
    known = false
    return ''
  }
  const value = inner.replace(ESCAPE, (_all, x, u, wide, octal, simple) => {
    if (simple !== undefined) return simple === other ? bad() : (SIMPLE[simple] ?? bad())
    const point = octal === undefined ? Number.parseInt(x ?? u ?? wide, 16) : Number.parseInt(octal, 8)
    return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? bad() : String.fromCodePoint(point)
  })
  return known ? value : undefined
}
