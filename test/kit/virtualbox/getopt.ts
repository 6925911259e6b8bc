/**
 * Options as RTGetOpt reads them, VirtualBox' own reader: '--name value', '--name=value' and '--name:value'; options with an
 * index carry it in their name ('--nic1'); whatever is no option may stand anywhere; a value may begin with a dash.
 */

export type Kind = 'nothing' | 'string' | 'onoff' | 'uint8' | 'uint32' | 'uint64' | 'int64' | 'uuid'

export interface Option {
  /** The first one is what messages and readers call it. */
  readonly names: readonly string[]
  readonly kind: Kind
  readonly index?: boolean
}

export interface Taken {
  /** undefined: what follows is no option. */
  readonly option: Option | undefined
  readonly index: number
  /** As it was given; '' when there is none. */
  readonly value: string
}

/** Messages of errorGetOpt. */
export class GetoptProblem extends Error {}

const NEEDS_ARGUMENT = 'RTGetOpt: Command line option needs argument.'
const NEEDS_INDEX = 'RTGetOpt: Command line option needs an index.'

const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i
const LIMITS: Partial<Record<Kind, bigint>> = { uint8: 0xffn, uint32: 0xffffffffn, uint64: 0xffffffffffffffffn }

function check(option: Option, value: string): void {
  const { kind } = option
  // Such a value is told as an option that nobody knows.
  if (kind === 'onoff' && !/^(on|off)$/i.test(value)) throw new GetoptProblem(`Unknown option: ${value}`)
  const bad = () => new GetoptProblem(`Invalid argument format: ${value}`)
  if (kind === 'uuid' && !UUID.test(value)) throw bad()
  if (kind === 'int64' && !/^-?(\d+|0x[0-9a-f]+)$/i.test(value)) throw bad()
  const limit = LIMITS[kind]
  if (limit !== undefined && (!/^(\d+|0x[0-9a-f]+)$/i.test(value) || BigInt(value) > limit)) throw bad()
}

export class Getopt {
  #rest: string[]
  readonly #options: readonly Option[]
  /** A name by which an option was called, for messages of the command. */
  called = ''

  constructor(args: readonly string[], options: readonly Option[]) {
    this.#rest = [...args]
    this.#options = options
  }

  next(): Taken | undefined {
    const word = this.#rest.shift()
    if (word === undefined) return undefined
    const found = this.#find(word)
    if (!found) {
      if (word.startsWith('-') && word !== '-') throw new GetoptProblem(`Unknown option: ${word}`)
      return { option: undefined, index: 0, value: word }
    }
    const { option, name, index, given } = found
    this.called = index > 0 ? `${name}${index}` : name
    if (option.index && index === 0) throw new GetoptProblem(`${name}: ${NEEDS_INDEX}`)
    if (option.kind === 'nothing') {
      if (given !== undefined) throw new GetoptProblem(`Unknown option: ${word}`)
      return { option, index, value: '' }
    }
    const value = given ?? this.#rest.shift()
    if (value === undefined) throw new GetoptProblem(`${name}: ${NEEDS_ARGUMENT}`)
    check(option, value)
    return { option, index, value }
  }

  /** A further value of the option that was last read; undefined when there is none. */
  more(): string | undefined {
    return this.#rest.shift()
  }

  #find(word: string): { option: Option; name: string; index: number; given: string | undefined } | undefined {
    for (const option of this.#options)
      for (const name of option.names) {
        if (!word.startsWith(name)) continue
        const found = /^(\d*)(?:[=:]([\s\S]*))?$/.exec(word.slice(name.length))
        const digits = found?.[1] ?? ''
        if (!found || (digits !== '' && !option.index)) continue
        return { option, name, index: Number(digits), given: found[2] }
      }
    return undefined
  }
}

export interface Read {
  readonly plain: readonly string[]
  readonly has: (name: string) => boolean
  /** The last value given. */
  readonly get: (name: string) => string | undefined
  readonly all: (name: string) => readonly string[]
}

/** All of them at once, for commands in which their order means nothing. Names are the options' first ones. */
export function readAll(args: readonly string[], options: readonly Option[]): Read {
  const getopt = new Getopt(args, options)
  const values = new Map<string, string[]>()
  const plain: string[] = []
  for (let taken = getopt.next(); taken; taken = getopt.next()) {
    const name = taken.option?.names[0]
    if (name === undefined) plain.push(taken.value)
    else values.set(name, [...(values.get(name) ?? []), taken.value])
  }
  return {
    plain,
    has: name => values.has(name),
    get: name => values.get(name)?.at(-1),
    all: name => values.get(name) ?? [],
  }
}

/** A table of options: ['--name -name', 'string']; names that say the same are separated by spaces. */
export const table = (...rows: readonly (readonly [names: string, kind: Kind])[]): Option[] =>
  rows.map(([names, kind]) => ({ names: names.split(' '), kind }))
