/** Template text → stretches of text and actions, an action as its tokens. */
import type { Problem } from './problem.ts'
import { unquote } from './unquote.ts'

export type Kind = 'field' | 'variable' | 'word' | 'string' | 'int' | 'float' | 'sign'

export interface Token {
  readonly kind: Kind
  /** As written; of a string, what it means. Of a field without its dot ('' is the dot itself). */
  readonly text: string
  readonly at: number
  /** White space stands before it: `.A .B` are two operands, `.A.B` is one. */
  readonly spaced: boolean
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly tokens: readonly Token[]; readonly at: number }

const TOKEN =
  /(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<char>'(?:[^'\\\n]|\\.[^']*)')|(?<number>[+-]?(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.]))|(?<variable>\$\w*)|(?<field>\.(?:[\p{L}_][\p{L}\p{Nd}_]*)?)|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<sign>:=|[=|(),])/uy
const SPACE = /[ \t\r\n]*/y

/** Reads the whole of `text`. Comments are dropped, `{{-` and `-}}` have eaten the white space beside them. */
export function lex(text: string, problem: Problem): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trimNext = false
  const addText = (from: number, to: number, trimEnd: boolean) => {
    let part = text.slice(from, to)
    if (trimNext) part = part.replace(/^[ \t\r\n]+/, '')
    if (trimEnd) part = part.replace(/[ \t\r\n]+$/, '')
    if (part !== '') pieces.push({ kind: 'text', text: part })
  }
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open < 0) {
      addText(at, text.length, false)
      return pieces
    }
    const trims = /^\{\{-[ \t\r\n]/.test(text.slice(open, open + 4))
    addText(at, open, trims)
    const body = open + (trims ? 3 : 2)
    const comment = commentEnd(text, body, trims, problem)
    const read = comment ?? readAction(text, body, problem)
    if (read.tokens) pieces.push({ kind: 'action', tokens: read.tokens, at: open })
    at = read.end
    trimNext = read.trims
  }
}

interface End {
  end: number
  trims: boolean
  tokens?: Token[]
}

/** Where the comment at `body` ends; undefined if there is none. It has to fill its action. */
function commentEnd(text: string, body: number, spaces: boolean, problem: Problem): End | undefined {
  const begin = spaces ? body + (/^[ \t\r\n]*/.exec(text.slice(body))?.[0].length ?? 0) : body
  if (!text.startsWith('/*', begin)) return undefined
  const close = text.indexOf('*/', begin + 2)
  if (close < 0) return problem(begin, 'unclosed comment')
  const after = /^([ \t\r\n]+-)?\}\}/.exec(text.slice(close + 2))
  if (!after) return problem(close, 'a comment has to end with its action: */}}')
  return { end: close + 2 + after[0].length, trims: after[1] !== undefined }
}

function readAction(text: string, body: number, problem: Problem): End {
  const tokens: Token[] = []
  for (let at = body; ; ) {
    SPACE.lastIndex = at
    const space = SPACE.exec(text)?.[0] ?? ''
    at += space.length
    if (text.startsWith('}}', at)) return { tokens, end: at + 2, trims: false }
    if (space !== '' && text.startsWith('-}}', at)) return { tokens, end: at + 3, trims: true }
    if (at >= text.length) return problem(body - 2, 'unclosed action: its }} is missing')
    const token = readToken(text, at, space !== '', problem)
    tokens.push(token.token)
    at = token.end
  }
}

function readToken(text: string, at: number, spaced: boolean, problem: Problem): { token: Token; end: number } {
  TOKEN.lastIndex = at
  const groups = TOKEN.exec(text)?.groups
  if (!groups) {
    if (/["`']/.test(text[at] ?? '')) return problem(at, 'unterminated quoted string')
    return problem(at, `unexpected ${JSON.stringify(text[at])} in an action`)
  }
  const end = TOKEN.lastIndex
  const made = (kind: Kind, value: string) => ({ token: { kind, text: value, at, spaced }, end })
  if (groups.string !== undefined) {
    const value = unquote(groups.string)
    return value === undefined ? problem(at, `invalid escape in ${groups.string}`) : made('string', value)
  }
  if (groups.char !== undefined) {
    const [char, more] = [...(unquote(groups.char) ?? '')]
    if (char === undefined || more !== undefined) return problem(at, `malformed character constant ${groups.char}`)
    return made('int', String(char.codePointAt(0)))
  }
  if (groups.number !== undefined) return made(numberKind(groups.number), groups.number.replaceAll('_', ''))
  if (groups.variable !== undefined) return made('variable', groups.variable)
  if (groups.field !== undefined) return made('field', groups.field.slice(1))
  return groups.word === undefined ? made('sign', groups.sign ?? '') : made('word', groups.word)
}

function numberKind(text: string): 'int' | 'float' {
  return /^[+-]?0[xX]/.test(text) || !/[.eE]/.test(text) ? 'int' : 'float'
}
