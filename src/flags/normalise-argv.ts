/** A command line as people type it → as oclif reads it. */
import { UsageError } from '../errors.ts'
import { globalFlag, splitOwnFlags } from './own.ts'
import { commandIn } from './topics.ts'
import { type FlagTable, splitWords } from './words.ts'

/**
 * No command is help, `help x` is `x --help`, `-v` is `version`, flags before the command (`machine -s DIR ls`) are the
 * command's own. Flags come out in oclif's grammar, names behind `--`. What follows the name after `ssh` is left alone:
 * `machine ssh dev ls --help` is about ls. `flagsOf` finds the flags of a command; undefined for no command of ours.
 */
export function normaliseArgv(
  argv: readonly string[],
  flagsOf: (command: string) => FlagTable | undefined = () => undefined,
): string[] {
  const { own, rest } = splitOwnFlags(argv)
  const { id: command, rest: words } = commandIn(rest)
  if (own.includes('--version')) return ['version']
  const bare = own.find(word => globalFlag(nameOf(word).slice(2))?.takesValue && !word.includes('='))
  if (bare !== undefined) throw new UsageError(`Flag ${bare} expects a value`)
  if (command === undefined) return ['--help']
  if (command === 'help' || command === 'h') return explained(splitOwnFlags(words).rest)
  if (command === 'ssh') {
    const remote = splitOwnFlags(words)
    return fenced([command, ...own, ...remote.own], remote.rest)
  }
  const its = flagsOf(command)
  const read = splitWords(words, name => its?.(name) ?? globalFlag(name))
  return fenced([command, ...withoutTwins(own, read.flags), ...read.flags], read.rest)
}

function explained(words: readonly string[]): string[] {
  const { id, rest } = commandIn(words)
  return [...(id === undefined ? [] : [id]), ...rest, '--help']
}

function fenced(words: string[], names: readonly string[]): string[] {
  return names.length === 0 ? words : [...words, '--', ...names]
}

/** Of a global flag given both before and after the command, the latter counts. */
function withoutTwins(own: readonly string[], its: readonly string[]): string[] {
  const names = new Set(its.map(nameOf))
  return own.filter(word => !names.has(nameOf(word)))
}

function nameOf(word: string): string {
  return word.replace(/=.*$/s, '')
}
