/** A parsed template and a value → text. */
import { toText } from './format.ts'
import { FUNCTIONS, type Functions } from './functions.ts'
import type { Node, Parsed, Pipe } from './nodes.ts'
import { evaluatePipe } from './operands.ts'
import type { Problem } from './problem.ts'
import { type Scope, setVariable } from './scope.ts'
import { isMap, isTrue, keysOf, typeOf } from './value.ts'

/** A template that calls itself for ever ends here, not with the stack. */
const DEEPEST_CALL = 1000

type Branch = Extract<Node, { body: Node[] }>
type Stopped = 'break' | 'continue' | undefined

export function evaluate(template: Parsed, data: unknown, own: Functions, problem: Problem): string {
  const functions: Functions = { ...FUNCTIONS, ...own }
  let output = ''
  let depth = 0

  const run = (nodes: readonly Node[], dot: unknown, scope: Scope): Stopped => {
    const outside = scope.variables.length
    try {
      for (const node of nodes) {
        const stopped = step(node, dot, scope)
        if (stopped) return stopped
      }
      return undefined
    } finally {
      scope.variables.length = outside
    }
  }

  const step = (node: Node, dot: unknown, scope: Scope): Stopped => {
    switch (node.kind) {
      case 'text':
        output += node.text
        return undefined
      case 'break':
      case 'continue':
        return node.kind
      case 'print': {
        const value = evaluatePipe(node.pipe, dot, scope)
        if (node.pipe.variables.length === 0) output += printed(value)
        return undefined
      }
      case 'call':
        return call(node, dot, scope)
      default:
        return branch(node, dot, scope)
    }
  }

  const branch = (node: Branch, dot: unknown, scope: Scope): Stopped => {
    const outside = scope.variables.length
    try {
      if (node.kind === 'range') return range(node.pipe, node.body, node.otherwise, dot, scope)
      const value = evaluatePipe(node.pipe, dot, scope)
      if (!isTrue(value)) return run(node.otherwise, dot, scope)
      return run(node.body, node.kind === 'with' ? value : dot, scope)
    } finally {
      scope.variables.length = outside
    }
  }

  const range = (
    pipe: Pipe,
    body: readonly Node[],
    otherwise: readonly Node[],
    dot: unknown,
    scope: Scope,
  ): Stopped => {
    const { variables, assigns } = pipe
    const items = itemsOf(evaluatePipe({ ...pipe, variables: [] }, dot, scope), pipe, scope.problem)
    if (items.length === 0) return run(otherwise, dot, scope)
    for (const [key, value] of items) {
      const inside = scope.variables.length
      const values = variables.length === 2 ? [key, value] : [value]
      for (const [i, name] of variables.entries()) setVariable(scope, name, values[i], assigns)
      const stopped = run(body, value, scope)
      scope.variables.length = inside
      if (stopped === 'break') break
    }
    return undefined
  }

  const call = (node: Node & { kind: 'call' }, dot: unknown, scope: Scope): Stopped => {
    const nodes = template.named.get(node.name)
    if (!nodes) return problem(node.at, `template ${JSON.stringify(node.name)} not defined`)
    if (depth === DEEPEST_CALL)
      return problem(node.at, `template ${JSON.stringify(node.name)} calls itself without end`)
    const value = node.pipe ? evaluatePipe(node.pipe, dot, scope) : undefined
    depth += 1
    run(nodes, value, { ...scope, variables: [{ name: '$', value }] })
    depth -= 1
    return undefined
  }

  run(template.nodes, data, { functions, problem, variables: [{ name: '$', value: data }] })
  return output
}

/** What an action prints. */
function printed(value: unknown): string {
  return value === undefined || value === null ? '<no value>' : toText(value)
}

/** What `range` goes through: keys (or indices) and values. */
function itemsOf(value: unknown, pipe: Pipe, problem: Problem): [unknown, unknown][] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return value.map((v, i) => [BigInt(i), v])
  if (isMap(value)) return keysOf(value).map(key => [key, value[key]])
  if (typeof value === 'bigint')
    return Array.from({ length: Math.max(0, Number(value)) }, (_, i) => [BigInt(i), BigInt(i)])
  return problem(pipe.at, `range can't iterate over ${toText(value)} (${typeOf(value)})`)
}
