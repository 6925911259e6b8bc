/** `--engine-opt name=value` and its relatives as settings: a key of daemon.json, and the words that say it as flags. */
import { UsageError } from '../src/errors.ts'
import type { EngineAsk } from './ask.ts'
import { type DaemonOption, optionOf } from './daemon-options.ts'
import { isList, isObject, type Json, type JsonObject } from './managed.ts'
import type { Wanted } from './merge.ts'

export interface Setting extends Wanted {
  readonly key: string
  /** The same as words of a command line. */
  readonly words: readonly string[]
}

export interface Settings {
  readonly byKey: ReadonlyMap<string, Setting>
  /** Options without a key in daemon.json, as words of the command line. */
  readonly lineOnly: readonly string[]
}

/** Options that decide how the engine is reached and which file it reads: ours alone. */
const RESERVED = new Set([
  'tls',
  'tlsverify',
  'tlscacert',
  'tlscert',
  'tlskey',
  'config-file',
  'validate',
  'help',
  'version',
])

/** What is asked for, without our own listeners, certificates and defaults. Throws UsageError for a value that cannot be. */
export function settingsOf(ask: EngineAsk): Settings {
  const byKey = new Map<string, Setting>()
  const lineOnly: string[] = []
  for (const text of ask.opts) {
    const [name, value] = splitOption(text)
    if (RESERVED.has(name)) throw new UsageError(`the engine option "${name}" is machine's own to set`)
    const option = optionOf(name)
    if (option) add(byKey, settingOf(option, value))
    else lineOnly.push(value === undefined ? `--${name}` : `--${name}=${value}`)
  }
  const some = (flag: string, values: readonly string[]) => {
    const option = optionOf(flag)
    for (const value of values) if (option) add(byKey, settingOf(option, value))
  }
  for (const label of ask.labels)
    if (!label.includes('=')) throw new UsageError(`engine label "${label}" is not key=value`)
  some('label', [...ask.labels, `provider=${ask.providerLabel}`])
  some('insecure-registry', ask.insecureRegistries)
  some('registry-mirror', ask.registryMirrors)
  some('storage-driver', ask.storageDriver ? [ask.storageDriver] : [])
  return { byKey, lineOnly }
}

/** Adds a setting to those of its key: items and members join, of a scalar the last one said counts. */
export function add(byKey: Map<string, Setting>, next: Setting): void {
  const have = byKey.get(next.key)
  if (!have || have.kind !== next.kind || next.kind === 'scalar') {
    byKey.set(next.key, next)
  } else if (isList(have.ours) && isList(next.ours)) {
    const label = (item: Json) => (next.key === 'labels' ? String(item).replace(/=[\s\S]*$/, '') : JSON.stringify(item))
    const fresh = new Set(next.ours.map(label))
    const kept = have.ours.filter(item => !fresh.has(label(item)))
    byKey.set(next.key, { ...next, ours: [...kept, ...next.ours], words: [...have.words, ...next.words] })
  } else if (isObject(have.ours) && isObject(next.ours)) {
    byKey.set(next.key, { ...next, ours: deepen(have.ours, next.ours), words: [...have.words, ...next.words] })
  }
}

function deepen(a: JsonObject, b: JsonObject): JsonObject {
  const joined: Record<string, Json> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const old = joined[key]
    joined[key] = isObject(old) && isObject(value) ? { ...old, ...value } : value
  }
  return joined
}

function splitOption(text: string): [string, string | undefined] {
  const match = /^-{0,2}([A-Za-z0-9][\w.-]*)(?:=([\s\S]*))?$/.exec(text)
  if (!match?.[1] || /[\0\n]/.test(text)) {
    throw new UsageError(`"${text}" is no engine option`, [
      'write name=value, as --engine-opt dns=192.0.2.1, or a name alone',
    ])
  }
  return [match[1], match[2]]
}

/** One option with its value as a setting. */
export function settingOf(option: DaemonOption, value: string | undefined): Setting {
  const { flag, key, type } = option
  const words = [value === undefined ? `--${flag}` : `--${flag}=${value}`]
  if (type === 'bool') return { key, kind: 'scalar', ours: toBool(flag, value ?? 'true'), words }
  if (value === undefined) throw new UsageError(`the engine option "${flag}" needs a value`, [`write ${flag}=VALUE`])
  switch (type) {
    case 'string':
      return { key, kind: 'scalar', ours: value, words }
    case 'int':
      return { key, kind: 'scalar', ours: toInt(flag, value), words }
    case 'list':
      return { key, kind: 'list', ours: [value], words }
    case 'pools':
      return { key, kind: 'list', ours: [pool(flag, value)], words }
    default:
      return { key, kind: 'map', ours: member(option, value), words }
  }
}

function member({ flag, type }: DaemonOption, value: string): JsonObject {
  if (type === 'proxy') return { [flag]: value }
  const [name, rest] = halves(flag, value)
  if (type === 'bools') return { [name]: toBool(flag, rest) }
  if (type === 'runtimes') return { [name]: { path: rest } }
  if (type === 'networks') {
    const [key, setting] = halves(flag, rest)
    return { [name]: { [key]: setting } }
  }
  if (type === 'ulimits') {
    const [soft = '', hard = soft] = rest.split(':')
    return { [name]: { Name: name, Soft: toInt(flag, soft), Hard: toInt(flag, hard) } }
  }
  return { [name]: rest }
}

function pool(flag: string, value: string): JsonObject {
  const parts = new Map(value.split(',').map(part => halves(flag, part)))
  return { base: parts.get('base') ?? '', size: toInt(flag, parts.get('size') ?? '') }
}

function halves(flag: string, text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new UsageError(`the engine option "${flag}" wants name=value, not "${text}"`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function toInt(flag: string, text: string): number {
  if (!/^-?\d+$/.test(text)) throw new UsageError(`the engine option "${flag}" wants a whole number, not "${text}"`)
  return Number(text)
}

function toBool(flag: string, text: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true
  if (/^(0|f|false)$/i.test(text)) return false
  throw new UsageError(`the engine option "${flag}" wants true or false, not "${text}"`)
}
