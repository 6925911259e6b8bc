/** A command line as people type it → as oclif reads it. */
import { splitOwnFlags } from './own-flags.ts'

/**
 * No command is help, `help x` is `x --help`, `-v` is `version`, flags before the command (`machine -s DIR ls`) are the
 * command's own. What follows the name after `ssh` is fenced with `--`: `machine ssh dev ls --help` is about ls.
 */
export function normaliseArgv(argv: readonly string[]): string[] {
  if (argv.length === 1 && (argv[0] === '-v' || argv[0] === '--version')) return ['version']
  const { own, rest } = splitOwnFlags(argv)
  const [command, ...words] = rest
  if (command === undefined) return ['--help']
  if (command === 'help') return [...words, '--help']
  if (command !== 'ssh') return [command, ...own, ...words]
  const remote = splitOwnFlags(words)
  return [command, ...own, ...remote.own, ...(remote.rest.length > 0 ? ['--', ...remote.rest] : [])]
}
