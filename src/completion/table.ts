/**
 * What can be completed, as data, read off the commands themselves. The build writes it to dist/cli/completion/: at a
 * Tab neither oclif nor a command is loaded.
 */
import type { Command, Interfaces } from '@oclif/core'
import type { AnyDriver, FlagSpec } from '../../drivers/driver.ts'
import { flagName } from '../driver-config.ts'
import { TOPICS, typedName } from '../flags/topics.ts'
import { SHELLS } from '../machine/environment.ts'

/** What stands at a place of the line; a list holds its only values. */
export type Kind = 'machine' | 'file' | 'folder' | 'remote-path' | 'command' | 'text' | readonly string[]

export interface FlagEntry {
  readonly name: string
  readonly char?: string
  /** Names it answers to that are not offered. */
  readonly aliases?: readonly string[]
  readonly help: string
  /** Absent: a flag without a value. */
  readonly value?: Kind
  readonly repeatable?: boolean
  readonly negatable?: boolean
  /** Only with this driver. */
  readonly driver?: string
}

export interface CommandEntry {
  readonly help: string
  /** What stands where behind the flags; the last one again and again if `repeats`. */
  readonly operands: readonly Kind[]
  readonly repeats: boolean
  /** What follows the first operand is another program's. */
  readonly passesOn?: boolean
  readonly flags: readonly FlagEntry[]
}

export interface Table {
  /** By name; one of two words has both. */
  readonly commands: Readonly<Record<string, CommandEntry>>
  /** First words of commands of two, with their help. */
  readonly topics: Readonly<Record<string, string>>
  /** Flags that may also stand before the command. */
  readonly globals: readonly FlagEntry[]
}

type CommandClass = Pick<Command.Class, 'summary' | 'usage' | 'args' | 'flags' | 'baseFlags' | 'hidden'>
type Flag = Interfaces.FlagInput[string]

/** Where the word in the usage does not tell what it is: create's NAME is a new one, scp's are places on machines. */
const OPERANDS: Readonly<Record<string, readonly Kind[]>> = {
  create: ['text'],
  scp: ['remote-path'],
  mount: ['remote-path', 'folder'],
  rename: ['machine', 'text'],
}
const BY_WORD: Readonly<Record<string, Kind>> = {
  NAME: 'machine',
  MACHINE: 'machine',
  FILE: 'file',
  DIR: 'folder',
  FOLDER: 'folder',
}
const HELP: CommandEntry = { help: 'Explain a command', operands: ['command'], repeats: false, flags: [] }

export function completionTable(
  commands: Readonly<Record<string, CommandClass>>,
  drivers: readonly AnyDriver[],
): Table {
  const specs = new Map<string, { driver: string; spec: FlagSpec }>()
  for (const driver of drivers)
    for (const [key, spec] of Object.entries(driver.flags as Record<string, FlagSpec>))
      specs.set(flagName(driver, key, spec), { driver: driver.name, spec })
  const values: Record<string, Kind> = { driver: drivers.map(d => d.name), shell: SHELLS }

  const flagEntry = ([name, flag]: [string, Flag]): FlagEntry => {
    const { driver, spec } = specs.get(name) ?? {}
    const value = flag.type === 'boolean' ? undefined : (spec?.options ?? spec?.path ?? valueKind(flag, values[name]))
    return {
      name,
      help: brief(flag.description ?? ''),
      ...(flag.char ? { char: flag.char } : {}),
      ...(spec?.aliases ? { aliases: spec.aliases } : {}),
      ...(value === undefined ? {} : { value }),
      ...('multiple' in flag && flag.multiple ? { repeatable: true } : {}),
      ...('allowNo' in flag && flag.allowNo ? { negatable: true } : {}),
      ...(driver === undefined ? {} : { driver }),
    }
  }
  const entries = (flags: Interfaces.FlagInput = {}) =>
    Object.entries(flags)
      .filter(([name, flag]) => specs.has(name) || !flag.hidden)
      .map(flagEntry)

  const shown = Object.entries(commands).filter(([, command]) => !command.hidden)
  const table: Record<string, CommandEntry> = {}
  for (const [name, command] of shown)
    table[typedName(name)] = {
      help: brief(command.summary ?? ''),
      ...operandsOf(name, command),
      flags: [...entries(command.flags), ...entries(command.baseFlags)],
    }
  const topics = Object.fromEntries(Object.entries(TOPICS).map(([topic, help]) => [topic, brief(help)]))
  return { commands: { ...table, help: HELP }, topics, globals: entries(shown[0]?.[1].baseFlags) }
}

function operandsOf(name: string, command: CommandClass): Pick<CommandEntry, 'operands' | 'repeats' | 'passesOn'> {
  const usage = [command.usage ?? ''].flat()[0]?.replace(/\[-[^\]]*\]|\[OPTIONS\]/g, '') ?? ''
  const words = [...usage.matchAll(/\b([A-Z]{2,})\b(\.\.\.|…)?/g)]
  const options = Object.values(command.args ?? {}).map(arg => arg.options)
  const kinds = options[0] ? [options[0]] : words.map(([, word = '']) => BY_WORD[word] ?? 'text')
  const passesOn = words.some(([, word]) => word === 'COMMAND')
  return {
    operands: OPERANDS[name] ?? kinds,
    repeats: name === 'scp' || (!passesOn && words.at(-1)?.[2] !== undefined),
    ...(passesOn ? { passesOn } : {}),
  }
}

function valueKind(flag: Flag, known: Kind | undefined): Kind {
  if ('options' in flag && flag.options) return flag.options
  if (known) return known
  const shown = 'helpValue' in flag ? String(flag.helpValue) : ''
  return /FILE/.test(shown) ? 'file' : /DIR|FOLDER/.test(shown) ? 'folder' : 'text'
}

/** One short line; environment variables and defaults are for help. */
function brief(text: string): string {
  return text
    .replace(/; env [A-Z_]+(?=\))/g, '')
    .replace(/\s*\((env|default|required) [^)]*\)|\.$/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}
