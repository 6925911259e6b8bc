/** What is in reach while a template runs. */
import type { Functions } from './functions.ts'
import type { Problem } from './problem.ts'

export interface Scope {
  readonly functions: Functions
  readonly problem: Problem
  /** Innermost last; `$` first. */
  variables: { name: string; value: unknown }[]
}

/** Declares a variable, or with `assigns` changes the innermost one of that name. */
export function setVariable(scope: Scope, name: string, value: unknown, assigns: boolean): void {
  const known = assigns ? scope.variables.findLast(v => v.name === name) : undefined
  if (known) known.value = value
  else scope.variables.push({ name, value })
}
