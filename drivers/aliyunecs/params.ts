/** Parameters as the API takes them: one flat list of names and texts. */

/** What stands in a request before it is flat. */
export type Value = string | number | boolean | undefined | null | Values | readonly Value[]
interface Values {
  readonly [name: string]: Value
}

/**
 * `{ Tag: [{ Key: 'a' }], SystemDisk: { Size: 40 } }` → `Tag.1.Key=a`, `SystemDisk.Size=40`. What is undefined is left
 * out: pop-core would send the word, and of an object `[object Object]`.
 */
export function flatParams(input: object, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {}
  const entries: [string, Value][] = Array.isArray(input)
    ? input.map((value, i) => [String(i + 1), value as Value])
    : Object.entries(input as Values)
  for (const [name, value] of entries) {
    const path = prefix === '' ? name : `${prefix}.${name}`
    if (value === undefined || value === null) continue
    if (typeof value === 'object') Object.assign(flat, flatParams(value, path))
    else flat[path] = String(value)
  }
  return flat
}
