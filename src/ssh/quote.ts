/**
 * Remote and root commands are built by `sh`, and only by it: every hole is quoted, a list becomes words, a Cmd goes in
 * as it is, and a Secret has no way in (a compile error, and a throw for callers without types). Secrets go over stdin.
 */
import { inspect } from 'node:util'

const TEXT: unique symbol = Symbol('sh')

/** A command line safe to hand to a POSIX shell. Made by `sh` alone. */
export interface Cmd {
  readonly [TEXT]: string
}

/** A value that prints as [REDACTED] wherever it goes; `reveal` is the only way to its text. */
export class Secret {
  readonly #value: string | Uint8Array
  constructor(value: string | Uint8Array) {
    this.#value = value
  }
  reveal(): string | Uint8Array {
    return this.#value
  }
  toString(): string {
    return '[REDACTED]'
  }
  toJSON(): string {
    return '[REDACTED]'
  }
  [inspect.custom](): string {
    return '[REDACTED]'
  }
}

type Hole = string | number | Cmd | readonly string[]

/** One word, in single quotes unless it needs none. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new Error('a shell word cannot hold a NUL byte')
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

function render(hole: Hole): string {
  if (typeof hole === 'string') return quote(hole)
  if (typeof hole === 'number') return String(hole)
  if (Array.isArray(hole)) return hole.map(quote).join(' ')
  if (typeof hole === 'object' && TEXT in hole) return hole[TEXT]
  throw new TypeError('only words, numbers, lists of words and commands go into a command line')
}

/** `` sh`usermod -aG docker ${user}` `` */
export function sh(strings: TemplateStringsArray, ...holes: Hole[]): Cmd {
  return { [TEXT]: strings.raw.map((part, i) => (i === 0 ? part : render(holes[i - 1] as Hole) + part)).join('') }
}

/** A whole script of ours, without holes: taken as it stands. */
export function script(text: string): Cmd {
  return { [TEXT]: text }
}

/** Joins commands so that each runs only if those before it succeeded. */
export function all(...commands: readonly Cmd[]): Cmd {
  return { [TEXT]: commands.map(c => c[TEXT]).join(' && ') }
}

/** The text of a command, for the one who runs or shows it. */
export function textOf(command: Cmd): string {
  return command[TEXT]
}
