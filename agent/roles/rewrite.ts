/**
 * Rewrites JSON while it is read, without making values of it: what a host with thousands of containers tells would take ten
 * times its size as values, and the agent has little memory. Everything is left byte for byte but the values that rules name.
 */
import { JsonError } from './json.ts'

/** What stands at a key: an object, a list, a string, anything else. */
export type Kind = '{' | '[' | '"' | 'other'

/**
 * The JSON that replaces a value, or undefined where it stays and is looked through. `source` is the value as it stands,
 * for strings.
 */
export type Rule = (at: { key: string; inside: string; kind: Kind; source: () => string }) => string | undefined

/** What people made of labels and drivers is nested a little; the engine's own answers hardly at all. */
const DEPTH = 1000

const OTHER = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** @throws JsonError for what is no JSON */
export function rewriteJson(text: string, rule: Rule): string {
  const kept: string[] = []
  /** Up to here all is in `kept`. */
  let copied = 0
  const end = skip(text, value(skip(text, 0), '', '', DEPTH))
  if (end < text.length) throw new JsonError('there is something after the JSON value')
  kept.push(text.slice(copied))
  return kept.join('')

  /** Reads a value on; returns where it ends. */
  function value(at: number, key: string, inside: string, depth: number): number {
    if (depth === 0) throw new JsonError('the JSON is nested too deeply')
    const kind = kindAt(text, at)
    let end: number | undefined
    const ends = () => (end ??= kind === '"' ? stringEnd(text, at) : otherEnd(text, at))
    const instead = rule({ key, inside, kind, source: () => text.slice(at, ends()) })
    if (kind === '"' || kind === 'other') ends()
    // What is replaced is read all the same: where it ends is known only then.
    const before = { copied, parts: kept.length }
    end ??= kind === '{' ? object(at, key, depth) : list(at, key, depth)
    if (instead === undefined) return end
    kept.length = before.parts
    kept.push(text.slice(before.copied, at), instead)
    copied = end
    return end
  }

  function object(at: number, name: string, depth: number): number {
    return members(at, '}', begin => {
      if (text[begin] !== '"') throw new JsonError(`a string is missing at character ${begin}`)
      const end = stringEnd(text, begin)
      const colon = skip(text, end)
      if (text[colon] !== ':') throw new JsonError(`: is missing at character ${colon}`)
      return value(skip(text, colon + 1), nameOf(text.slice(begin, end)), name, depth - 1)
    })
  }

  function list(at: number, name: string, depth: number): number {
    return members(at, ']', begin => value(begin, '', name, depth - 1))
  }

  function members(at: number, close: string, member: (at: number) => number): number {
    let next = skip(text, at + 1)
    if (text[next] === close) return next + 1
    for (;;) {
      next = skip(text, member(next))
      if (text[next] === close) return next + 1
      if (text[next] !== ',') throw new JsonError(`a comma or ${close} is missing at character ${next}`)
      next = skip(text, next + 1)
    }
  }
}

function kindAt(text: string, at: number): Kind {
  const first = text[at]
  return first === '{' || first === '[' || first === '"' ? first : 'other'
}

function nameOf(source: string): string {
  return source.includes('\\') ? String(parsed(source)) : source.slice(1, -1)
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    throw new JsonError('a string that is none')
  }
}

function skip(text: string, from: number): number {
  let at = from
  while (' \t\r\n'.includes(text[at] ?? 'x')) at++
  return at
}

function stringEnd(text: string, at: number): number {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '"') return end + 1
    if (text[end] === '\\') end++
  }
  throw new JsonError(`the string at character ${at} does not end`)
}

function otherEnd(text: string, at: number): number {
  OTHER.lastIndex = at
  const [found] = OTHER.exec(text) ?? []
  if (found === undefined) throw new JsonError(`there is no JSON value at character ${at}`)
  return at + found.length
}
