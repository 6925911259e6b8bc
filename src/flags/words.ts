/**
 * The grammar of flags is Docker Machine's, which is Go's: one dash or two, `--x=v` and `--x v` (whatever v looks like), the
 * last of two counts, `--x=false` for switches, flags before names, after them and between them, `--` ends them. What comes
 * out is what oclif reads alike.
 */
import { UsageError } from '../errors.ts'
import { parseBool } from './go-values.ts'

export interface KnownFlag {
  /** Long name, without dashes. */
  readonly name: string
  /** False for a switch. */
  readonly takesValue: boolean
  /** Every occurrence counts, not the last alone. */
  readonly repeats?: boolean
  /** `--no-name` exists. */
  readonly negatable?: boolean
}

/** A flag by its long name or its letter. */
export type FlagTable = (name: string) => KnownFlag | undefined

/**
 * Put before a value that begins with a dash: oclif takes one that looks like a flag for no value at all. MachineCommand
 * takes it off again. No argument of a process can hold this character.
 */
export const DASH_GUARD = '\0'

interface Entry {
  readonly flag?: KnownFlag
  readonly words: readonly string[]
}

/**
 * `words` as flags, each in one word, and the rest: names, in their order. Flags not in `table` are left as they are, for
 * oclif to name them (or read them: bundled letters, --no-x). With `untilName` everything from the first name on is rest.
 */
export function splitWords(words: readonly string[], table: FlagTable, { untilName = false } = {}) {
  const entries: Entry[] = []
  const names: string[] = []
  const flags = () => entries.flatMap(entry => entry.words)
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') return { flags: flags(), rest: [...names, ...words.slice(i + 1)] }
    if (!isFlag(word)) {
      if (untilName) return { flags: flags(), rest: words.slice(i) }
      names.push(word)
      continue
    }
    const [, name = '', value] = /^--?([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const flag = table(name)
    if (!flag) entries.push({ words: [word] })
    else if (flag.takesValue) {
      add(entries, flag, withValue(flag, value ?? words[i + 1]))
      if (value === undefined) i += 1
    } else add(entries, flag, asSwitch(flag, value))
  }
  return { flags: flags(), rest: names }
}

/** `-` alone is a name. */
function isFlag(word: string): boolean {
  return word.startsWith('-') && word !== '-'
}

function withValue(flag: KnownFlag, value: string | undefined): string {
  if (value === undefined) return `--${flag.name}` // oclif says what is missing
  return `--${flag.name}=${value.startsWith('-') ? DASH_GUARD : ''}${value}`
}

function asSwitch(flag: KnownFlag, value: string | undefined): string | undefined {
  const on = value === undefined ? true : parseBool(value)
  if (on === undefined) throw new UsageError(`invalid boolean value "${value}" for --${flag.name}`)
  if (on) return `--${flag.name}`
  return flag.negatable ? `--no-${flag.name}` : undefined
}

function add(entries: Entry[], flag: KnownFlag, word: string | undefined): void {
  const before = flag.repeats ? -1 : entries.findIndex(entry => entry.flag?.name === flag.name)
  if (before >= 0) entries.splice(before, 1)
  entries.push({ flag, words: word === undefined ? [] : [word] })
}
