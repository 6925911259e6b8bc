/** `$x := index .A 0 | printf "%v"` → its commands and their operands. */
import type { Command, Operand, Pipe } from './nodes.ts'
import type { Tokens } from './tokens.ts'

interface Sight {
  readonly known: ReadonlySet<string>
  /** Variables in sight; those the pipe declares are added. */
  readonly variables: string[]
  /** For errors: the action it stands in. */
  readonly where: string
  readonly isRange: boolean
}

const CONSTANTS: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null }

export function parsePipe(tokens: Tokens, sight: Sight): Pipe {
  const { variables, assigns } = parseDeclaration(tokens, sight)
  const at = tokens.peek()?.at ?? tokens.at
  const commands: Command[] = []
  do commands.push(parseCommand(tokens, sight, commands.length > 0))
  while (tokens.takeSign('|'))
  if (!assigns) sight.variables.push(...variables)
  return { at, variables, assigns, commands }
}

function parseDeclaration(tokens: Tokens, sight: Sight): { variables: string[]; assigns: boolean } {
  const second = tokens.peek(1)
  const third = tokens.peek(2)
  if (tokens.peek()?.kind !== 'variable' || second?.kind !== 'sign') return { variables: [], assigns: false }
  const pair = second.text === ',' && third?.kind === 'variable'
  const sign = pair ? tokens.peek(3) : second
  if (sign?.text !== ':=' && sign?.text !== '=') {
    if (second.text === ',') tokens.problem(second.at, `unexpected "," in ${sight.where}`)
    return { variables: [], assigns: false }
  }
  if (pair && !sight.isRange) tokens.problem(second.at, `too many declarations in ${sight.where}`)
  const variables = [tokens.take()?.text ?? '']
  if (pair) {
    tokens.take()
    variables.push(tokens.take()?.text ?? '')
  }
  tokens.take()
  const assigns = sign.text === '='
  if (assigns) for (const name of variables) mustBeInSight(name, tokens, sight)
  return { variables, assigns }
}

function parseCommand(tokens: Tokens, sight: Sight, piped: boolean): Command {
  const at = tokens.peek()?.at ?? tokens.at
  const operands: Operand[] = []
  for (let next = tokens.peek(); next && !endsCommand(next); next = tokens.peek()) {
    if (operands.length > 0 && !next.spaced)
      tokens.problem(next.at, `unexpected ${JSON.stringify(next.text || '.')} after an operand: a space is missing`)
    operands.push(parseOperand(tokens, sight))
  }
  const [first, ...more] = operands
  if (!first) return tokens.problem(at, `missing value for ${sight.where}`)
  if (first.kind === 'literal' && first.value === null) return tokens.problem(at, 'nil is not a command')
  if (piped && first.kind === 'literal') return tokens.problem(at, 'a literal cannot stand behind a |')
  return { at, operands: [first, ...more] }
}

function endsCommand(token: { kind: string; text: string }): boolean {
  return token.kind === 'sign' && (token.text === '|' || token.text === ')')
}

function parseOperand(tokens: Tokens, sight: Sight): Operand {
  const token = tokens.take()
  if (!token) return tokens.problem(tokens.at, `missing value for ${sight.where}`)
  const { at, text, kind } = token
  if (kind === 'string') return { at, kind: 'literal', value: text }
  if (kind === 'int') return { at, kind: 'literal', value: bigIntOf(text) }
  if (kind === 'float') return { at, kind: 'literal', value: Number(text) }
  if (kind === 'field') return { at, kind: 'path', base: undefined, fields: [text, ...moreFields(tokens, text !== '')] }
  if (kind === 'variable') {
    mustBeInSight(text, tokens, sight)
    return { at, kind: 'path', base: text, fields: moreFields(tokens, true) }
  }
  if (kind === 'word') return word(text, at, tokens, sight)
  if (text !== '(') return tokens.problem(at, `unexpected ${JSON.stringify(text)} in ${sight.where}`)
  const base = parsePipe(tokens, { ...sight, where: 'the parentheses', isRange: false })
  if (!tokens.takeSign(')')) return tokens.problem(at, 'unclosed left parenthesis')
  return { at, kind: 'path', base, fields: moreFields(tokens, true) }
}

function word(text: string, at: number, tokens: Tokens, sight: Sight): Operand {
  if (Object.hasOwn(CONSTANTS, text)) return { at, kind: 'literal', value: CONSTANTS[text] ?? null }
  if (sight.known.has(text)) return { at, kind: 'function', name: text }
  return tokens.problem(at, `function ${JSON.stringify(text)} not defined`)
}

/** The fields written right behind: `.B.C` of `.A.B.C`. */
function moreFields(tokens: Tokens, allowed: boolean): string[] {
  const fields: string[] = []
  for (let next = tokens.peek(); next?.kind === 'field' && !next.spaced; next = tokens.peek()) {
    if (!allowed || next.text === '') return tokens.problem(next.at, 'unexpected "." after an operand')
    fields.push(next.text)
    tokens.take()
  }
  return fields
}

function mustBeInSight(name: string, tokens: Tokens, sight: Sight): void {
  if (!sight.variables.includes(name)) tokens.problem(tokens.at, `undefined variable ${JSON.stringify(name)}`)
}

/** Go reads 017 as octal. */
function bigIntOf(text: string): bigint {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(text) ?? []
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}
