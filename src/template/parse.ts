/** Actions of a template → its tree. */
import { lex, type Piece } from './lex.ts'
import type { Node, Parsed, Pipe } from './nodes.ts'
import { parsePipe } from './parse-pipe.ts'
import type { Problem } from './problem.ts'
import { Tokens } from './tokens.ts'

const WORDS_WITH_BODY = ['if', 'with', 'range'] as const
type WithBody = (typeof WORDS_WITH_BODY)[number]

/** Parses `text`; `known` are the functions it may call. Problems are thrown by `problem`. */
export function parseTemplate(text: string, known: ReadonlySet<string>, problem: Problem): Parsed {
  return new Parser(lex(text, problem), known, problem, text.length).parse()
}

/** What ends a body: the word, and what follows it in its action. */
interface Stop {
  word: 'end' | 'else' | ''
  tokens: Tokens
}

class Parser {
  private next = 0
  private readonly named = new Map<string, readonly Node[]>()
  private readonly pieces: readonly Piece[]
  private readonly known: ReadonlySet<string>
  private readonly problem: Problem
  private readonly end: number
  /** Variables in sight, innermost last. */
  private variables: string[] = ['$']
  private ranges = 0

  constructor(pieces: readonly Piece[], known: ReadonlySet<string>, problem: Problem, end: number) {
    this.pieces = pieces
    this.known = known
    this.problem = problem
    this.end = end
  }

  parse(): Parsed {
    const { nodes, stop } = this.body()
    if (stop.word !== '') return this.problem(stop.tokens.at, `unexpected {{${stop.word}}}`)
    return { nodes, named: this.named }
  }

  /** Nodes up to {{end}}, {{else}} or the end of the text. */
  private body(): { nodes: Node[]; stop: Stop } {
    const nodes: Node[] = []
    for (let piece = this.pieces[this.next++]; piece; piece = this.pieces[this.next++]) {
      if (piece.kind === 'text') {
        nodes.push(piece)
        continue
      }
      const tokens = new Tokens(piece.tokens, piece.at, this.problem)
      const word = tokens.peek()?.kind === 'word' ? (tokens.peek()?.text ?? '') : ''
      if (word === 'end' || word === 'else') {
        tokens.take()
        if (word === 'end') tokens.end('{{end}}')
        return { nodes, stop: { word, tokens } }
      }
      nodes.push(...this.action(word, tokens))
    }
    this.next = this.pieces.length + 1
    return { nodes, stop: { word: '', tokens: new Tokens([], this.end, this.problem) } }
  }

  private action(word: string, tokens: Tokens): Node[] {
    if (WORDS_WITH_BODY.includes(word as WithBody)) {
      tokens.take()
      return [this.branch(word as WithBody, tokens)]
    }
    switch (word) {
      case 'break':
      case 'continue':
        tokens.take()
        tokens.end(`{{${word}}}`)
        return this.ranges > 0 ? [{ kind: word }] : this.problem(tokens.at, `{{${word}}} outside of {{range}}`)
      case 'define':
        tokens.take()
        this.define(tokens)
        return []
      case 'template':
        tokens.take()
        return [this.call(tokens)]
      case 'block': {
        tokens.take()
        const call = this.call(tokens)
        if (!call.pipe) return this.problem(call.at, '{{block}} needs a value after its name')
        this.nameBody(call.name, call.at)
        return [call]
      }
      default:
        return [{ kind: 'print', pipe: this.pipe(tokens, word === '' ? 'an action' : `{{${word} …}}`) }]
    }
  }

  private branch(kind: WithBody, tokens: Tokens): Node {
    const outside = this.variables.length
    const pipe = this.pipe(tokens, `{{${kind}}}`, kind === 'range')
    if (kind === 'range') this.ranges += 1
    const { nodes: body, stop } = this.body()
    if (kind === 'range') this.ranges -= 1
    const otherwise = this.otherwise(stop, kind, tokens)
    this.variables.length = outside
    return { kind, pipe, body, otherwise }
  }

  private otherwise(stop: Stop, kind: WithBody, opened: Tokens): Node[] {
    if (stop.word === 'end') return []
    if (stop.word === '') return this.problem(opened.at, `{{${kind}}} is never ended: its {{end}} is missing`)
    const next = stop.tokens.peek()
    if (next?.kind === 'word' && next.text === kind && kind !== 'range') {
      stop.tokens.take()
      return [this.branch(kind, stop.tokens)] // {{else if}} shares the {{end}} of its {{if}}
    }
    stop.tokens.end('{{else}}')
    const rest = this.body()
    if (rest.stop.word === 'end') return rest.nodes
    return this.problem(
      rest.stop.word === '' ? opened.at : rest.stop.tokens.at,
      rest.stop.word === '' ? `{{${kind}}} is never ended: its {{end}} is missing` : 'a second {{else}}',
    )
  }

  private define(tokens: Tokens): void {
    const name = tokens.takeString('{{define}}')
    const at = tokens.at
    tokens.end('{{define}}')
    this.nameBody(name, at)
  }

  private call(tokens: Tokens): Node & { kind: 'call' } {
    const at = tokens.at
    const name = tokens.takeString('{{template}}')
    return { kind: 'call', name, at, pipe: tokens.peek() ? this.pipe(tokens, '{{template}}') : undefined }
  }

  /** The body that follows is a template of its own: its variables are. */
  private nameBody(name: string, at: number): void {
    const { variables, ranges } = this
    this.variables = ['$']
    this.ranges = 0
    const { nodes, stop } = this.body()
    if (stop.word !== 'end') this.problem(at, `template ${JSON.stringify(name)} is never ended: its {{end}} is missing`)
    Object.assign(this, { variables, ranges })
    this.named.set(name, nodes)
  }

  private pipe(tokens: Tokens, where: string, isRange = false): Pipe {
    const pipe = parsePipe(tokens, { known: this.known, variables: this.variables, where, isRange })
    tokens.end(where)
    return pipe
  }
}
