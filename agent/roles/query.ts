/** A parameter's values, as any engine may read them: those built with an old Go take a semicolon for another &. */
export function given(query: URLSearchParams, key: string): string[] {
  return [...query]
    .flatMap(([name, value]) => `${name}=${value}`.split(';'))
    .map(part => [part.slice(0, part.search(/=|$/)), part.replace(/^[^=]*=?/, '')] as const)
    .filter(([name]) => name === key)
    .map(([, value]) => value)
}
