/** Go's fmt.Sprintf, for the verbs that mean something in a template. */
import { floatText, toText } from './format.ts'
import { goQuote, goSyntax } from './quote.ts'
import { isMap, keysOf, Struct, typeOf } from './value.ts'

/** Flags, width, precision, the number of an argument, verb; the verb is missing at the end of the text. */
const SPEC = /%([-+# 0]*)(\*|\d+)?(\.(?:\*|\d+)?)?(?:\[(\d+)\])?(.?)/gsu

interface Spec {
  readonly flags: string
  readonly width: number | undefined
  readonly precision: number | undefined
  readonly verb: string
}

export function goPrintf(format: string, args: readonly unknown[]): string {
  let used = 0
  let reordered = false
  const number = (text: string | undefined) => {
    if (text !== '*') return text === undefined ? undefined : Number(text)
    const value = args[used++]
    return typeof value === 'bigint' ? Number(value) : undefined
  }
  const text = format.replace(SPEC, (_all, flags: string, w?: string, p?: string, n?: string, verb?: string) => {
    const width = number(w)
    const precision = p === undefined ? undefined : (number(p.slice(1) || undefined) ?? 0)
    if (!verb) return '%!(NOVERB)'
    if (verb === '%') return '%'
    if (n !== undefined) {
      reordered = true
      used = Number(n) - 1
    }
    if (used < 0 || used >= args.length) return `%!${verb}(${n === undefined ? 'MISSING' : 'BADINDEX'})`
    const side = width !== undefined && width < 0 ? `${flags}-` : flags
    return one({ flags: side, width: width === undefined ? undefined : Math.abs(width), precision, verb }, args[used++])
  })
  const extra = reordered ? [] : args.slice(used).map(v => (v === null ? '<nil>' : `${typeOf(v)}=${toText(v)}`))
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text
}

function one(spec: Spec, value: unknown): string {
  const { verb, flags } = spec
  if (verb === 'T') return padded(typeOf(value), spec)
  if (verb === 'v' && flags.includes('#')) return padded(goSyntax(value), spec)
  if (value === null || value === undefined) return verb === 'v' ? padded('<nil>', spec) : `%!${verb}(<nil>)`
  if (Array.isArray(value)) return `[${value.map(v => inner(spec, v)).join(' ')}]`
  if (isMap(value))
    return `map[${keysOf(value)
      .map(k => `${one(spec, k)}:${inner(spec, value[k])}`)
      .join(' ')}]`
  if (value instanceof Struct) return structText(spec, value)
  return (
    scalar(spec, value) ??
    `%!${verb}(${typeOf(value)}=${scalar({ ...spec, verb: OWN_VERB[typeof value] ?? 'v' }, value)})`
  )
}

/** What a value is printed by whose verb does not fit. */
const OWN_VERB: Readonly<Record<string, string>> = { string: 's', number: 'g', bigint: 'd', boolean: 't' }

/** An element: Go names the verb only where it was nil itself that was to be printed. */
function inner(spec: Spec, value: unknown): string {
  return value === null || value === undefined ? '<nil>' : one(spec, value)
}

function structText(spec: Spec, value: Struct): string {
  if (value.text !== undefined && 'vsqxX'.includes(spec.verb)) return one(spec, value.text)
  if (value.text !== undefined) return one(spec, value.json ?? value.text)
  const plus = spec.verb === 'v' && spec.flags.includes('+')
  return `{${Object.entries(value.fields)
    .map(([name, v]) => (plus ? `${name}:` : '') + inner(spec, v))
    .join(' ')}}`
}

/** undefined: the verb does not fit the type. */
function scalar(spec: Spec, value: unknown): string | undefined {
  const { verb } = spec
  if (typeof value === 'string') return stringBy(spec, value)
  if (typeof value === 'boolean') return 'vt'.includes(verb) ? padded(String(value), spec) : undefined
  if (typeof value === 'bigint') return integerBy(spec, value)
  return floatBy(spec, value as number)
}

function stringBy(spec: Spec, value: string): string | undefined {
  const { verb, precision } = spec
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('')
  if (verb === 'v' || verb === 's') return padded(cut, spec)
  if (verb === 'q') return padded(goQuote(cut, spec.flags.includes('#')), spec)
  if (verb === 'x' || verb === 'X') {
    const hex = Buffer.from(cut).toString('hex')
    return padded(verb === 'X' ? hex.toUpperCase() : hex, spec)
  }
  return undefined
}

function character(point: bigint): string {
  const real = point >= 0n && point <= 0x10ffffn && !(point >= 0xd800n && point < 0xe000n)
  return String.fromCodePoint(real ? Number(point) : 0xfffd)
}

const RADIX: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }
const MARK: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' }

function integerBy(spec: Spec, value: bigint): string | undefined {
  const { verb, flags, precision } = spec
  if (verb === 'c') return padded(character(value), spec)
  if (verb === 'q') return padded(`'${goQuote(character(value)).slice(1, -1)}'`, spec)
  if (verb === 'U') return padded(`U+${value.toString(16).toUpperCase().padStart(4, '0')}`, spec)
  const radix = RADIX[verb]
  if (radix === undefined) return undefined
  const digits = (value < 0n ? -value : value).toString(radix).padStart(precision ?? 0, '0')
  const mark = verb === 'O' ? '0o' : flags.includes('#') ? (MARK[verb] ?? '') : ''
  const sign = value < 0n ? '-' : signOf(spec)
  return padded(sign + mark + (verb === 'X' ? digits.toUpperCase() : digits), spec, sign.length + mark.length)
}

function floatBy(spec: Spec, value: number): string | undefined {
  const verb = spec.verb === 'v' ? 'g' : spec.verb.toLowerCase()
  if (verb !== 'e' && verb !== 'f' && verb !== 'g') return undefined
  const text = floatText(value, verb, spec.precision ?? (verb === 'g' ? undefined : 6))
  const sign = /^[-+]/.test(text) ? '' : signOf(spec)
  const shown = sign + (/[EG]/.test(spec.verb) ? text.toUpperCase() : text)
  const plain = Number.isFinite(value) ? spec : { ...spec, flags: spec.flags.replace('0', '') }
  return padded(shown, plain, /^[-+ ]/.test(shown) ? 1 : 0)
}

/** The + of %+v is about the names of fields. */
function signOf({ flags, verb }: Spec): string {
  if (verb === 'v') return ''
  return flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
}

/** Go gives up on wider ones. */
const WIDEST = 1_000_000

/** To the width, in characters; zeros go behind the first `head` ones (sign and mark). */
function padded(text: string, { width = 0, flags, verb, precision }: Spec, head = 0): string {
  const missing = Math.max(0, Math.min(width, WIDEST) - [...text].length)
  if (flags.includes('-')) return text + ' '.repeat(missing)
  const integerWithPrecision = precision !== undefined && 'dboOxX'.includes(verb)
  if (!flags.includes('0') || integerWithPrecision) return ' '.repeat(missing) + text
  return text.slice(0, head) + '0'.repeat(missing) + text.slice(head)
}
