/** Values as they cross the wire: some are not known yet, absent ones may be null. */
import type { Json } from './crud.ts'

/** Stands for what is not known before something else has been made. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9'

/** True when the value, or anything in it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(hasUnknown)
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null
}

export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

/** Whether two values are the same to a person: absent members do not count, nor does their order. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b))
}

/** Members that differ between two objects, in the order of their names. */
export function differing(a: unknown, b: unknown): string[] {
  const [left, right] = [objectOf(a), objectOf(b)]
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()
  return keys.filter(key => !same(left[key], right[key]))
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const there = Object.entries(value).filter(([, v]) => !isAbsent(v))
  const inOrder = there.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, v]) => [key, canonical(v)])
  return inOrder.length === 0 ? undefined : Object.fromEntries(inOrder)
}
