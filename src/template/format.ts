/** Values as Go's fmt prints them with %v. */
import { isMap, keysOf, Struct } from './value.ts'

/** `plus` is %+v: names of a struct's fields. */
export function toText(value: unknown, plus = false): string {
  if (value === null || value === undefined) return '<nil>'
  if (typeof value === 'number') return floatText(value, 'g', undefined)
  if (Array.isArray(value)) return `[${value.map(v => toText(v, plus)).join(' ')}]`
  if (value instanceof Struct) {
    if (value.text !== undefined) return value.text
    const fields = Object.entries(value.fields).map(([name, v]) => (plus ? `${name}:` : '') + toText(v, plus))
    return `{${fields.join(' ')}}`
  }
  if (isMap(value))
    return `map[${keysOf(value)
      .map(key => `${key}:${toText(value[key], plus)}`)
      .join(' ')}]`
  return String(value)
}

/** fmt.Sprint: a space between two values of which neither is text. */
export function sprint(args: readonly unknown[]): string {
  return args
    .map((v, i) => (i > 0 && typeof v !== 'string' && typeof args[i - 1] !== 'string' ? ' ' : '') + toText(v))
    .join('')
}

/** Go writes an exponent for less than 1e-4 and, when it looks for the shortest text, from a million on. */
const SHORTEST_FROM = 6

/** A float64 by verb e, f or g; without `precision` as short as it can be and still mean the same number. */
export function floatText(value: number, verb: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + unsigned(Math.abs(value), verb, precision)
}

function unsigned(value: number, verb: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (verb === 'f') return precision === undefined ? plainDecimal(value) : value.toFixed(Math.min(precision, 100))
  if (verb === 'e') return exponential(value, precision)
  if (precision === undefined) {
    const exponent = exponentOf(value.toExponential())
    return exponent < -4 || exponent >= SHORTEST_FROM ? exponential(value, undefined) : plainDecimal(value)
  }
  const digits = Math.max(1, Math.min(precision, 100))
  const rounded = value.toExponential(digits - 1)
  const exponent = exponentOf(rounded)
  const short = Number(rounded)
  return exponent < -4 || exponent >= digits ? exponential(short, undefined) : plainDecimal(short)
}

function exponentOf(text: string): number {
  return Number(text.slice(text.indexOf('e') + 1))
}

/** Go's exponents have two digits at least. */
function exponential(value: number, precision: number | undefined): string {
  return value.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2')
}

/** The shortest decimal without an exponent. */
function plainDecimal(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const point = Number(exponent) + 1
  if (point <= 0) return value === 0 ? '0' : `0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length)
  return `${digits.slice(0, point)}.${digits.slice(point)}`
}
