/** Refusals in this API's words. */
import { Problem, refuseUnless } from '../cloud/problem.ts'

/** 404: a thing that is not, not yet or no longer there. */
export function found<T>(thing: T | undefined, code: string, message: string): T {
  refuseUnless(thing !== undefined, code, message, 404)
  return thing
}

/** A parameter of the wrong form or outside its range. */
export const invalid = (name: string, why: string, code = 'InvalidParameter') =>
  new Problem(code, `The specified parameter "${name}" is not valid. (${why})`)

export const missing = (name: string) =>
  new Problem(
    'MissingParameter',
    `The input parameter "${name}" that is mandatory for processing this request is not supplied.`,
  )
