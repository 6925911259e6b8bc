/** dockerd's command line as somebody else wrote it: which options stand on it, and the line without some of them. */
import { optionOf } from './daemon-options.ts'
import { parseAssignments } from './os-release.ts'
import { execWord, splitWords, type Word } from './systemd/words.ts'

/** One option with all its words, a variable, or a word of neither kind (the program itself). */
interface Part {
  readonly words: readonly Word[]
  /** daemon.json's key, or the flag's own name where there is none. */
  readonly key?: string
  readonly value?: string
  /** Options inside the variable, if its value is known. */
  readonly inside?: readonly Part[]
}

export interface CommandLine {
  readonly parts: readonly Part[]
}

/** Reads a line in systemd's quoting; `files` are the service's environment files, for the variables on it. */
export function readLine(line: string, files: Iterable<string>): CommandLine {
  const variables = new Map([...files].flatMap(text => [...parseAssignments(text)]))
  return { parts: partsOf(splitWords(line), variables) }
}

function partsOf(words: readonly Word[], variables: ReadonlyMap<string, string>): Part[] {
  const parts: Part[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as Word
    const flag =
      /^(?:--([\w.-]+)|-([A-Za-z]))(?:=([\s\S]*))?$/.exec(word.value) ??
      /^()-(H|l|g|G|b|s|p)([\s\S]+)$/.exec(word.value)
    if (word.variable !== undefined) {
      const value = variables.get(word.variable)
      const inside = value === undefined ? [] : partsOf(splitWords(value), new Map())
      parts.push({ words: [word], inside })
    } else if (flag) {
      const name = flag[1] || flag[2] || ''
      const option = optionOf(name)
      const next = words[i + 1]
      const takesNext =
        flag[3] === undefined &&
        option?.type !== 'bool' &&
        next !== undefined &&
        !next.value.startsWith('-') &&
        next.variable === undefined
      if (takesNext) i++
      const value = flag[3] ?? (takesNext ? next.value : undefined)
      parts.push({
        words: takesNext ? [word, next] : [word],
        key: option?.key ?? name,
        ...(value !== undefined && { value }),
      })
    } else parts.push({ words: [word] })
  }
  return parts
}

const flat = (line: CommandLine) => line.parts.flatMap(part => [part, ...(part.inside ?? [])])

/** Values of an option on the line, variables included; empty if it is not there. */
export function valuesOf(line: CommandLine, key: string): string[] {
  return flat(line).flatMap(part => (part.key === key ? [part.value ?? ''] : []))
}

/** Keys of daemon.json that stand on the line as flags. */
export function keysOn(line: CommandLine): ReadonlySet<string> {
  return new Set(flat(line).flatMap(part => part.key ?? []))
}

/**
 * The line without the options `drop` picks, in systemd's quoting. A variable stays a variable unless an option inside
 * it has to go: then its other options are written out.
 */
export function lineWithout(line: CommandLine, drop: (key: string, value: string) => boolean): string {
  const goes = (part: Part) => part.key !== undefined && drop(part.key, part.value ?? '')
  return line.parts
    .flatMap(part => {
      if (goes(part)) return []
      if (!part.inside?.some(goes)) return part.words.map(word => word.raw)
      return part.inside.filter(inner => !goes(inner)).flatMap(inner => inner.words.map(word => execWord(word.value)))
    })
    .join(' ')
}
