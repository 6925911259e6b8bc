/** The functions of Go's templates, and `json` and `prettyjson`. */
import { COMPARISONS } from './compare.ts'
import { ESCAPES } from './escapes.ts'
import { sprint, toText } from './format.ts'
import { toJson } from './json.ts'
import { goPrintf } from './printf.ts'
import { FunctionProblem } from './problem.ts'
import { isMap, isTrue, typeOf } from './value.ts'

export interface TemplateFunction {
  /** How many arguments it takes; without `max`, any number. */
  readonly min: number
  readonly max?: number
  /** `and` and `or`: arguments are evaluated up to the first that is true (or false). */
  readonly stopsAt?: boolean
  /** Nil arguments are null. Throws FunctionProblem. */
  call(args: readonly unknown[]): unknown
}

export type Functions = Readonly<Record<string, TemplateFunction>>

const LAZY = () => undefined

export const FUNCTIONS: Functions = {
  and: { min: 1, stopsAt: false, call: LAZY },
  or: { min: 1, stopsAt: true, call: LAZY },
  not: { min: 1, max: 1, call: ([value]) => !isTrue(value) },
  len: { min: 1, max: 1, call: ([value]) => BigInt(lengthOf(value)) },
  index: { min: 1, call: ([value, ...keys]) => keys.reduce(elementOf, value) },
  slice: { min: 1, max: 3, call: ([value, ...bounds]) => sliceOf(value, bounds) },
  print: { min: 0, call: sprint },
  println: { min: 0, call: args => `${args.map(v => toText(v)).join(' ')}\n` },
  printf: { min: 1, call: ([format, ...args]) => goPrintf(textOf(format, 'printf'), args) },
  json: { min: 1, max: 1, call: ([value]) => toJson(value) },
  prettyjson: { min: 1, max: 1, call: ([value]) => toJson(value, 4) },
  ...COMPARISONS,
  ...ESCAPES,
}

function textOf(value: unknown, who: string): string {
  if (typeof value === 'string') return value
  throw new FunctionProblem(`${who} wants its format as a string, not ${toText(value)} (${typeOf(value)})`)
}

/** Strings count in bytes, as Go's do. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (Array.isArray(value)) return value.length
  if (isMap(value)) return Object.keys(value).length
  throw new FunctionProblem(value === null ? 'len of nil' : `len of type ${typeOf(value)}`)
}

function elementOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined) throw new FunctionProblem('index of nil')
  if (isMap(value)) {
    if (typeof key !== 'string') throw new FunctionProblem(`a map is indexed by strings, not by ${typeOf(key)}`)
    return Object.hasOwn(value, key) ? value[key] : undefined
  }
  if (typeof value === 'string') {
    const bytes = Buffer.from(value)
    return BigInt(bytes[position(key, bytes.length - 1)] ?? 0)
  }
  if (!Array.isArray(value)) throw new FunctionProblem(`can't index item of type ${typeOf(value)}`)
  return value[position(key, value.length - 1)]
}

function position(key: unknown, last: number): number {
  if (typeof key !== 'bigint') throw new FunctionProblem(`cannot index slice/array with type ${typeOf(key)}`)
  if (key < 0 || key > last) throw new FunctionProblem(`index out of range: ${key}`)
  return Number(key)
}

function sliceOf(value: unknown, bounds: readonly unknown[]): unknown {
  if (typeof value !== 'string' && !Array.isArray(value))
    throw new FunctionProblem(value === null ? 'slice of nil' : `can't slice item of type ${typeOf(value)}`)
  const whole = typeof value === 'string' ? Buffer.from(value) : value
  const [from = 0, to = whole.length] = bounds.map(bound => position(bound, whole.length))
  if (from > to) throw new FunctionProblem(`invalid slice index: ${from} > ${to}`)
  return whole instanceof Buffer ? whole.subarray(from, to).toString() : whole.slice(from, to)
}
