/** The flags every command has, known without oclif: where they end, and a command (or another program's words) begins. */
import { type FlagTable, type KnownFlag, splitWords } from './words.ts'

const SWITCHES = { debug: 'D', 'native-ssh': '', help: 'h', version: 'v' }
const VALUES = {
  'storage-path': 's',
  'tls-ca-cert': '',
  'tls-ca-key': '',
  'tls-client-cert': '',
  'tls-client-key': '',
  'github-api-token': '',
  'bugsnag-api-token': '',
  'log-format': '',
}

/** Names of the global flags; test/unit/flags/own.test.ts holds them against what oclif is told. */
export const GLOBAL_NAMES: readonly string[] = Object.keys({ ...SWITCHES, ...VALUES })

const byName = new Map<string, KnownFlag>()
for (const [flags, takesValue] of [[SWITCHES, false] as const, [VALUES, true] as const])
  for (const [name, letter] of Object.entries(flags)) {
    byName.set(name, { name, takesValue })
    if (letter !== '') byName.set(letter, { name, takesValue })
  }

/** Finds a global flag. */
export const globalFlag: FlagTable = name => byName.get(name)

/** The leading words that are flags, each in one word, and everything from the first name on. */
export function splitOwnFlags(argv: readonly string[]): { own: string[]; rest: string[] } {
  const { flags, rest } = splitWords(argv, globalFlag, { untilName: true })
  return { own: flags, rest: [...rest] }
}

/** Whether `--debug` is among the words: anywhere, except in the command that `ssh` runs on a machine. */
export function asksForDebug(argv: readonly string[]): boolean {
  const { own, rest } = splitOwnFlags(argv)
  if (rest[0] === 'ssh') return [...own, ...splitOwnFlags(rest.slice(1)).own].includes('--debug')
  const end = argv.indexOf('--')
  return (end < 0 ? argv : argv.slice(0, end)).some(word => /^(-D|--?debug)$/.test(word))
}
