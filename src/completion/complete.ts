/** The words of a command line so far → what may follow. Pure: names of machines are asked for through `world`. */
import type { CommandEntry, FlagEntry, Kind, Table } from './table.ts'

/** As cobra's completion protocol numbers them, which docker speaks with its plug-ins. */
export const NO_SPACE = 2
export const NO_FILES = 4
export const ONLY_FOLDERS = 16

export interface Candidate {
  readonly text: string
  readonly help?: string
}

export interface Completion {
  readonly candidates: readonly Candidate[]
  /** Sum of the above; 0: the shell offers files if there is no candidate. */
  readonly directive: number
}

export interface CompletionWorld {
  /** MACHINE_DRIVER, where the line names no driver. */
  readonly driver: string | undefined
  /** Names of the machines of the store that the line names. */
  names(storagePath: string | undefined): Promise<readonly string[]>
}

interface Line {
  command: string | undefined
  operands: string[]
  used: Set<string>
  values: Map<string, string>
  /** The flag whose value the next word is. */
  awaits: FlagEntry | undefined
  /** Behind `--`. */
  fenced: boolean
}

const NOTHING: Completion = { candidates: [], directive: NO_FILES }

/** `words` are those behind the program's name; the last is the one being typed, '' for a new one. */
export async function complete(words: readonly string[], table: Table, world: CompletionWorld): Promise<Completion> {
  const current = words.at(-1) ?? ''
  const line = read(words.slice(0, -1), table)
  const entry = line.command === undefined ? undefined : table.commands[line.command]
  const offer = (kind: Kind, prefix: string, head = '') => offerKind(kind, prefix, head, line, table, world)

  if (line.awaits) return await offer(line.awaits.value ?? 'text', current)
  if (line.command === undefined)
    return current.startsWith('-') ? flagsOf(table.globals, line, current, undefined) : await offer('command', current)
  if (!entry && line.operands.length === 0 && Object.hasOwn(table.topics, line.command))
    return offered(subcommands(line.command, table), current)
  if (!entry || (entry.passesOn && line.operands.length > 0)) return NOTHING
  if (current.startsWith('-') && !line.fenced) {
    const [, name = '', value] = /^--?([^=]+)=(.*)$/s.exec(current) ?? []
    if (value === undefined) return flagsOf(entry.flags, line, current, line.values.get('driver') ?? world.driver)
    const flag = entry.flags.find(isNamed(name))
    return flag?.value ? await offer(flag.value, value, current.slice(0, current.length - value.length)) : NOTHING
  }
  const kind = operandAt(entry, line.operands.length)
  return kind === undefined ? NOTHING : await offer(kind, current)
}

function operandAt({ operands, repeats }: CommandEntry, at: number): Kind | undefined {
  return operands[at] ?? (repeats ? operands.at(-1) : undefined)
}

/** Reads the words before the one being typed, as the parser will. */
function read(words: readonly string[], table: Table): Line {
  const line: Line = {
    command: undefined,
    operands: [],
    used: new Set(),
    values: new Map(),
    awaits: undefined,
    fenced: false,
  }
  for (const word of words) {
    const entry = line.command === undefined ? undefined : table.commands[line.command]
    if (line.awaits) {
      line.values.set(line.awaits.name, word)
      line.awaits = undefined
    } else if (line.fenced || (entry?.passesOn && line.operands.length > 0)) line.operands.push(word)
    else if (word === '--') line.fenced = true
    else if (/^-./.test(word)) readFlag(word, entry?.flags ?? table.globals, line)
    else if (line.command === undefined) line.command = word
    else if (line.operands.length === 0 && Object.hasOwn(table.commands, `${line.command} ${word}`))
      line.command += ` ${word}`
    else line.operands.push(word)
  }
  return line
}

/** `--name`, `--name=value`, `-n`, `-nvalue`, and Docker Machine's `-name`. */
function readFlag(word: string, flags: readonly FlagEntry[], line: Line): void {
  const [, name = '', value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const long = flags.find(f => isNamed(name)(f) || (f.negatable && name === `no-${f.name}`))
  const flag = long ?? (word.startsWith('--') ? undefined : flags.find(f => f.char === word[1]))
  if (!flag) return
  line.used.add(flag.name)
  if (!flag.value) return
  const joined = long ? value : word.length > 2 ? word.slice(2).replace(/^=/, '') : undefined
  if (joined === undefined) line.awaits = flag
  else line.values.set(flag.name, joined)
}

function flagsOf(flags: readonly FlagEntry[], line: Line, current: string, driver: string | undefined): Completion {
  const offered = flags.filter(
    f => (f.repeatable || !line.used.has(f.name)) && (f.driver === undefined || f.driver === driver),
  )
  const all = offered.flatMap(({ name, help, negatable }) => [
    { text: `--${name}`, help },
    ...(negatable ? [{ text: `--no-${name}`, help: `not: ${help}` }] : []),
  ])
  return {
    candidates: [...all, { text: '--help', help: 'show help' }].filter(startsWith(current)),
    directive: NO_FILES,
  }
}

async function offerKind(kind: Kind, prefix: string, head: string, line: Line, table: Table, world: CompletionWorld) {
  const from = (candidates: readonly Candidate[], directive: number): Completion => ({
    candidates: candidates.filter(startsWith(prefix)).map(c => ({ ...c, text: head + c.text })),
    directive,
  })
  if (kind === 'text') return NOTHING
  if (kind === 'file') return from([], 0)
  if (kind === 'folder') return from([], ONLY_FOLDERS)
  if (kind === 'command') return offered(firstWords(table), prefix)
  if (kind !== 'machine' && kind !== 'remote-path')
    return from(
      kind.map(text => ({ text })),
      NO_FILES,
    )
  if (kind === 'remote-path' && prefix.includes(':')) return NOTHING
  const names = await world.names(line.values.get('storage-path'))
  if (kind === 'machine')
    return from(
      names.filter(n => !line.operands.includes(n)).map(text => ({ text })),
      NO_FILES,
    )
  const user = /^.*@/.exec(prefix)?.[0] ?? ''
  return from(
    names.map(n => ({ text: `${user}${n}:` })),
    NO_SPACE,
  )
}

/** Commands of one word, and first words of those of two. */
function firstWords({ commands, topics }: Table): Candidate[] {
  const single = Object.entries(commands).filter(([text]) => !text.includes(' '))
  return [
    ...single.map(([text, { help }]) => ({ text, help })),
    ...Object.entries(topics).map(([text, help]) => ({ text, help })),
  ]
}

function subcommands(topic: string, { commands }: Table): Candidate[] {
  const its = Object.entries(commands).filter(([text]) => text.startsWith(`${topic} `))
  return its.map(([text, { help }]) => ({ text: text.slice(topic.length + 1), help }))
}

function offered(candidates: readonly Candidate[], prefix: string): Completion {
  return { candidates: candidates.filter(startsWith(prefix)), directive: NO_FILES }
}

const isNamed = (name: string) => (flag: FlagEntry) => flag.name === name || flag.aliases?.includes(name) === true
const startsWith = (prefix: string) => (candidate: Candidate) => candidate.text.startsWith(prefix)
