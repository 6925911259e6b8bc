/** eq, ne, lt, le, gt, ge. An int and a float64 compare by value, where Go refuses: numbers of JSON are all float64. */
import type { TemplateFunction } from './functions.ts'
import { FunctionProblem } from './problem.ts'
import { Struct, typeOf } from './value.ts'

function compared(call: (a: unknown, b: unknown) => boolean): TemplateFunction {
  return { min: 2, max: 2, call: ([a, b]) => call(a, b) }
}

export const COMPARISONS: Readonly<Record<string, TemplateFunction>> = {
  // eq a b c: a is one of the others.
  eq: { min: 2, call: ([first, ...others]) => others.map(other => equal(first, other)).includes(true) },
  ne: compared((a, b) => !equal(a, b)),
  lt: compared((a, b) => order(a, b) < 0),
  le: compared((a, b) => order(a, b) <= 0),
  gt: compared((a, b) => order(a, b) > 0),
  ge: compared((a, b) => order(a, b) >= 0),
}

const isNumber = (value: unknown) => typeof value === 'number' || typeof value === 'bigint'

function equal(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return a === b
  for (const value of [a, b])
    if (typeof value === 'object' && !(value instanceof Struct))
      throw new FunctionProblem(`non-comparable type ${typeOf(value)}`)
  const [left, right] = [plain(a), plain(b)]
  if (isNumber(left) && isNumber(right)) return order(left, right) === 0
  if (typeof left !== typeof right) throw incompatible(a, b)
  return left === right
}

function order(a: unknown, b: unknown): number {
  const [left, right] = [plain(a), plain(b)]
  const sorts = (isNumber(left) && isNumber(right)) || (typeof left === 'string' && typeof right === 'string')
  if (!sorts)
    throw typeof left === typeof right
      ? new FunctionProblem(`invalid type for comparison: ${typeOf(a)}`)
      : incompatible(a, b)
  const [x, y] = [left as number, right as number]
  return x < y ? -1 : x > y ? 1 : 0
}

/** Of a struct that prints as a word or a number, that. */
function plain(value: unknown): unknown {
  return value instanceof Struct ? (value.json ?? value.text ?? value) : value
}

function incompatible(a: unknown, b: unknown): FunctionProblem {
  return new FunctionProblem(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
}
