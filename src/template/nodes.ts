/** A template, parsed. `at` is the place in its text, for errors. */

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: Node[]; readonly otherwise: Node[] }
  | { readonly kind: 'break' | 'continue' }
  | { readonly kind: 'call'; readonly name: string; readonly pipe: Pipe | undefined; readonly at: number }

export interface Pipe {
  readonly at: number
  /** Variables it sets: one, or two in `range $key, $value := …`. */
  readonly variables: readonly string[]
  /** `=` and not `:=`. */
  readonly assigns: boolean
  readonly commands: readonly Command[]
}

/** A function with its arguments, or one value. */
export interface Command {
  readonly at: number
  readonly operands: readonly [Operand, ...Operand[]]
}

export type Operand = { readonly at: number } & (
  | { readonly kind: 'literal'; readonly value: string | bigint | number | boolean | null }
  | { readonly kind: 'function'; readonly name: string }
  /** The dot, a variable or what is in parentheses, and fields of it; without a base the fields are the dot's. */
  | { readonly kind: 'path'; readonly base: string | Pipe | undefined; readonly fields: readonly string[] }
)

export interface Parsed {
  readonly nodes: readonly Node[]
  /** What `define` and `block` named. */
  readonly named: ReadonlyMap<string, readonly Node[]>
}
