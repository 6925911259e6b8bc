/** Values as Ruby literals: whatever they hold, they are a string and nothing else. */

/** A double-quoted Ruby string of this very text. Only plain ASCII stands in it, so that no locale reads it differently. */
export function rubyString(text: string): string {
  const inner = [...text.toWellFormed()].map(c => {
    if (c === '"' || c === '\\' || c === '#') return `\\${c}` // `#` would begin an interpolation
    return c >= ' ' && c <= '~' ? c : `\\u{${c.codePointAt(0)?.toString(16)}}`
  })
  return `"${inner.join('')}"`
}

/** `["a", "b"]` */
export function rubyList(texts: readonly string[]): string {
  return `[${texts.map(rubyString).join(', ')}]`
}
