/** Command lines as nearly all are typed: names and known flags. */

/** What a flag takes: nothing, a word, a word each time it is given, or a whole number from 1. */
export type FlagKind = 'switch' | 'word' | 'words' | 'count'

export interface CallShape {
  readonly flags: Readonly<Record<string, FlagKind>>
  /** Letter → flag. */
  readonly letters: Readonly<Record<string, string>>
}

export interface PlainCall {
  readonly names: string[]
  readonly flags: Record<string, string | string[] | number | boolean>
}

/** undefined for anything unusual: the command proper reads that, and says what is wrong with it. */
export function plainCall(words: readonly string[], shape: CallShape): PlainCall | undefined {
  const call: PlainCall = { names: [], flags: {} }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (!word.startsWith('-')) {
      if (word === '') return undefined
      call.names.push(word)
      continue
    }
    const [, dashes = '', typed = '', inline] = /^(--?)([a-z-]+)(?:=(.*))?$/s.exec(word) ?? []
    const name = dashes === '--' ? typed : shape.letters[typed]
    const kind = name === undefined ? undefined : shape.flags[name]
    if (name === undefined || kind === undefined || (name in call.flags && kind !== 'words')) return undefined
    if (dashes === '-' && inline !== undefined) return undefined
    if (kind === 'switch') {
      if (inline !== undefined) return undefined
      call.flags[name] = true
      continue
    }
    const value = inline ?? words[++i]
    if (value === undefined || value === '' || (inline === undefined && value.startsWith('-'))) return undefined
    if (kind === 'count' && !/^[1-9]\d{0,8}$/.test(value)) return undefined
    const before = (call.flags[name] as string[] | undefined) ?? []
    call.flags[name] = kind === 'words' ? [...before, value] : kind === 'count' ? Number(value) : value
  }
  return call
}
