/** Pipelines, commands and operands → values. */
import { messageOf } from '../errors.ts'
import type { Command, Operand, Pipe } from './nodes.ts'
import { FunctionProblem } from './problem.ts'
import { type Scope, setVariable } from './scope.ts'
import { isMap, isTrue, Struct, typeOf } from './value.ts'

/** The result of the last command; each gets that of the one before as its last argument. */
export function evaluatePipe(pipe: Pipe, dot: unknown, scope: Scope): unknown {
  let value: unknown
  for (const [i, command] of pipe.commands.entries())
    value = evaluateCommand(command, dot, scope, i === 0 ? [] : [value])
  for (const name of pipe.variables) setVariable(scope, name, value, pipe.assigns)
  return value
}

function evaluateCommand(command: Command, dot: unknown, scope: Scope, piped: readonly unknown[]): unknown {
  const [first, ...more] = command.operands
  if (first.kind === 'function') return callFunction(first.name, first.at, more, dot, scope, piped)
  if (more.length > 0 || piped.length > 0)
    return scope.problem(command.at, `can't give argument to non-function ${nameOf(first)}`)
  return evaluateOperand(first, dot, scope)
}

function nameOf(operand: Operand): string {
  if (operand.kind === 'literal')
    return JSON.stringify(operand.value, (_, v) => (typeof v === 'bigint' ? Number(v) : v))
  if (operand.kind === 'function') return operand.name
  if (operand.base === undefined) return `.${operand.fields.join('.')}`
  return [typeof operand.base === 'string' ? operand.base : '(…)', ...operand.fields].join('.')
}

function callFunction(
  name: string,
  at: number,
  operands: readonly Operand[],
  dot: unknown,
  scope: Scope,
  piped: readonly unknown[],
): unknown {
  const it = scope.functions[name]
  if (!it) return scope.problem(at, `function ${JSON.stringify(name)} not defined`)
  const count = operands.length + piped.length
  if (count < it.min || (it.max !== undefined && count > it.max))
    return scope.problem(at, `wrong number of arguments for ${name}: ${count} given, ${wanted(it.min, it.max)} wanted`)
  if (it.stopsAt !== undefined) return untilTruthIs(it.stopsAt, operands, dot, scope, piped)
  const values = [...operands.map(o => evaluateOperand(o, dot, scope)), ...piped]
  try {
    return it.call(values.map(v => v ?? null))
  } catch (error) {
    if (error instanceof FunctionProblem) return scope.problem(at, `error calling ${name}: ${messageOf(error)}`)
    throw error
  }
}

function wanted(min: number, max: number | undefined): string {
  if (max === undefined) return `at least ${min}`
  return min === max ? String(min) : `${min} to ${max}`
}

/** `and` stops at the first false, `or` at the first true; what follows is not looked at. */
function untilTruthIs(
  truth: boolean,
  operands: readonly Operand[],
  dot: unknown,
  scope: Scope,
  piped: readonly unknown[],
): unknown {
  let value: unknown
  for (const operand of operands) {
    value = evaluateOperand(operand, dot, scope)
    if (isTrue(value) === truth) return value
  }
  return piped.length > 0 ? piped[0] : value
}

function evaluateOperand(operand: Operand, dot: unknown, scope: Scope): unknown {
  if (operand.kind === 'literal') return operand.value
  if (operand.kind === 'function') return callFunction(operand.name, operand.at, [], dot, scope, [])
  let value = dot
  if (typeof operand.base === 'string') value = scope.variables.findLast(v => v.name === operand.base)?.value
  else if (operand.base) value = evaluatePipe(operand.base, dot, scope)
  for (const field of operand.fields) if (field !== '') value = fieldOf(value, field, operand.at, scope)
  return value
}

function fieldOf(value: unknown, field: string, at: number, scope: Scope): unknown {
  if (value === undefined) return undefined
  if (value === null) return scope.problem(at, `there is no field ${field} of nil`)
  if (isMap(value)) return Object.hasOwn(value, field) ? value[field] : undefined
  if (!(value instanceof Struct)) return scope.problem(at, `can't evaluate field ${field} in type ${typeOf(value)}`)
  if (Object.hasOwn(value.fields, field)) return value.fields[field]
  const fields = Object.keys(value.fields).join(', ')
  return scope.problem(at, `can't evaluate field ${field} in type ${value.type}; it has ${fields}`)
}
