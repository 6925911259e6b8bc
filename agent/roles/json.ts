/**
 * JSON as the rules need it: numbers keep their source text (the engine counts beyond 2^53), and whatever another reader could
 * understand differently is refused: a key that comes twice, a lone surrogate, anything behind the value, endless depth.
 */
export type Json = null | boolean | string | Numeral | readonly Json[] | JsonObject
export type JsonObject = ReadonlyMap<string, Json>

export class Numeral {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

/** Says what is wrong with a text, never what it holds. */
export class JsonError extends Error {}

/** A body the size of a few bytes a value would take hundreds of megabytes as values; no client sends a thousandth of them. */
const MOST_VALUES = 50_000

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LITERALS = { t: ['true', true], f: ['false', false], n: ['null', null] } as const

export function parseJson(text: string, depth = 64): Json {
  let at = 0
  let values = 0
  const value = readValue(depth)
  skipBlanks()
  if (at < text.length) throw new JsonError('there is something after the JSON value')
  return value

  function readValue(left: number): Json {
    if (++values > MOST_VALUES) throw new JsonError(`there are more than ${MOST_VALUES} values in it`)
    skipBlanks()
    const first = text.charAt(at)
    if (first === '{') return readObject(inner(left))
    if (first === '[') return readArray(inner(left))
    if (first === '"') return readString()
    return first === 't' || first === 'f' || first === 'n' ? readLiteral(first) : readNumber()
  }

  function readObject(left: number): JsonObject {
    const object = new Map<string, Json>()
    if (opensEmpty('}')) return object
    do {
      skipBlanks()
      const key = readString()
      if (object.has(key)) throw new JsonError(`the key ${shown(key)} comes twice`)
      expect(':')
      object.set(key, readValue(left))
    } while (goesOn('}'))
    return object
  }

  function readArray(left: number): Json[] {
    const array: Json[] = []
    if (opensEmpty(']')) return array
    do array.push(readValue(left))
    while (goesOn(']'))
    return array
  }

  function readString(): string {
    if (text.charAt(at) !== '"') throw new JsonError(`a string is missing at character ${at}`)
    let end = at + 1
    for (; end < text.length && text.charAt(end) !== '"'; end++) if (text.charAt(end) === '\\') end++
    const found = parsed(text.slice(at, end + 1))
    if (typeof found !== 'string') throw new JsonError(`the string at character ${at} does not end`)
    if (!found.isWellFormed()) throw new JsonError(`the string at character ${at} is no valid Unicode`)
    at = end + 1
    return found
  }

  function readLiteral(first: keyof typeof LITERALS): Json {
    const [word, value] = LITERALS[first]
    if (!text.startsWith(word, at)) throw new JsonError(`there is no JSON value at character ${at}`)
    at += word.length
    return value
  }

  function readNumber(): Numeral {
    NUMBER.lastIndex = at
    const source = NUMBER.exec(text)?.[0]
    if (source === undefined) throw new JsonError(`there is no JSON value at character ${at}`)
    at += source.length
    return new Numeral(source)
  }

  function opensEmpty(close: string): boolean {
    at++
    skipBlanks()
    if (text.charAt(at) !== close) return false
    at++
    return true
  }

  /** True after a comma, false after what closes. */
  function goesOn(close: string): boolean {
    skipBlanks()
    const next = text.charAt(at++)
    if (next !== ',' && next !== close) throw new JsonError(`a comma or ${close} is missing at character ${at - 1}`)
    return next === ','
  }

  function expect(sign: string): void {
    skipBlanks()
    if (text.charAt(at++) !== sign) throw new JsonError(`${sign} is missing at character ${at - 1}`)
  }

  function skipBlanks(): void {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at++
  }
}

/** The value as JSON, for Go's reader the same as what was parsed. */
export function renderJson(value: Json): string {
  if (value instanceof Numeral) return value.source
  if (value instanceof Map) {
    return `{${[...value].map(([key, inside]) => `${JSON.stringify(key)}:${renderJson(inside)}`).join(',')}}`
  }
  return isArray(value) ? `[${value.map(renderJson).join(',')}]` : JSON.stringify(value)
}

export function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

export function isObject(value: Json): value is JsonObject {
  return value instanceof Map
}

/** A key or a path as sentences show it: whoever sent it chose its length and letters. */
export function shown(key: string, limit = 60): string {
  const plain = key
    .slice(0, limit + 1)
    .replace(/[^\x20-\x7e]/g, sign => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return plain.length > limit ? `${plain.slice(0, limit)}…` : plain
}

function inner(left: number): number {
  if (left === 0) throw new JsonError('the JSON is nested too deeply')
  return left - 1
}

function parsed(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return undefined
  }
}
