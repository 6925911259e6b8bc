/** JSON as Go writes it: keys of maps in order, and what HTML would read is escaped. */
import { isMap, keysOf, Struct } from './value.ts'

/** `value` as JSON, on one line or indented by `indent` spaces. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(plain(value), null, indent).replace(
    /[<>&\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Struct) {
    const shown = value.json ?? value.text
    return shown === undefined ? mapValues(value.fields, Object.keys(value.fields)) : plain(shown)
  }
  return isMap(value) ? mapValues(value, keysOf(value)) : (value ?? null)
}

/** Each key is set as the object's own: `__proto__` is a key like any other. */
function mapValues(map: Readonly<Record<string, unknown>>, keys: readonly string[]): unknown {
  return Object.fromEntries(keys.map(key => [key, plain(map[key])]))
}
