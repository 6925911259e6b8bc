/**
 * Values of a template, as Go would hold them: `number` is a float64 (what JSON decodes to), `bigint` an int, arrays are
 * slices, plain objects are maps with string keys. `null` is nil; `undefined` is what a key that is not there gives.
 */

/** A Go struct: its fields are known, in order, and asking for another is an error. */
export class Struct {
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
  /** How it prints, where it is not field by field. */
  readonly text: string | undefined
  /** How it is written as JSON, where it is not field by field. */
  readonly json: unknown

  constructor(type: string, fields: Readonly<Record<string, unknown>>, shown: { text?: string; json?: unknown } = {}) {
    this.type = type
    this.fields = fields
    this.text = shown.text
    this.json = shown.json
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Struct)
}

/** The keys of a map in Go's order. */
export function keysOf(map: Record<string, unknown>): string[] {
  return Object.keys(map).sort()
}

/** The name Go has for the type of a value. */
export function typeOf(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float64'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return '[]interface {}'
  return value instanceof Struct ? value.type : 'map[string]interface {}'
}

/** What `if`, `with`, `and`, `or` and `not` take for true: anything but zero, nil, false and what is empty. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return Boolean(value)
}
