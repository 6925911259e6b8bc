/** Our settings into somebody's daemon.json, and out of it again. Pure; merging twice changes nothing. */
import { isList, isObject, type Json, type JsonObject, type ManagedKey, sameJson } from './managed.ts'

/** A key we want: its kind decides whether we own the whole value or a part of it. */
export type Wanted = Omit<ManagedKey, 'hidden'>
type Keys<T> = { readonly [key: string]: T }

/** daemon.json without what we put there. */
export function withoutOurs(config: JsonObject, managed: Keys<ManagedKey>): JsonObject {
  const foreign: Record<string, Json> = { ...config }
  for (const [key, { kind, ours, hidden }] of Object.entries(managed)) {
    const left = without(foreign[key], kind, ours, hidden)
    if (left === undefined) delete foreign[key]
    else foreign[key] = left
  }
  return foreign
}

function without(
  now: Json | undefined,
  kind: ManagedKey['kind'],
  ours: Json,
  hidden: Json | undefined,
): Json | undefined {
  if (kind === 'list' && isList(now) && isList(ours)) {
    const rest = [...now.filter(item => !ours.some(our => sameJson(our, item))), ...(isList(hidden) ? hidden : [])]
    return rest.length > 0 || hidden !== undefined ? rest : undefined
  }
  if (kind === 'map' && isObject(now) && isObject(ours)) {
    const rest: Record<string, Json> = { ...now }
    for (const key of Object.keys(ours)) if (sameJson(rest[key], ours[key])) delete rest[key]
    if (isObject(hidden)) for (const [key, value] of Object.entries(hidden)) rest[key] ??= value
    return Object.keys(rest).length > 0 || hidden !== undefined ? rest : undefined
  }
  // Somebody changed or removed our value since: theirs is what counts now.
  return sameJson(now, ours) ? hidden : now
}

/**
 * Adds what we want to a daemon.json free of ours.
 * @returns the file's next value, and the record of what in it is ours
 */
export function withOurs(foreign: JsonObject, wanted: Keys<Wanted>): { config: JsonObject; keys: Keys<ManagedKey> } {
  const config: Record<string, Json> = { ...foreign }
  const keys: Record<string, ManagedKey> = {}
  for (const [key, { kind, ours }] of Object.entries(wanted)) {
    const theirs = foreign[key]
    if (kind === 'list' && isList(theirs) && isList(ours)) {
      const gives = (item: Json) => ours.some(our => sameThing(key, item, our))
      config[key] = [...theirs.filter(item => !gives(item)), ...ours]
      keys[key] = { kind, ours, hidden: theirs.filter(gives) }
    } else if (kind === 'map' && isObject(theirs) && isObject(ours)) {
      config[key] = { ...theirs, ...ours }
      keys[key] = {
        kind,
        ours,
        hidden: Object.fromEntries(Object.entries(theirs).filter(([sub]) => Object.hasOwn(ours, sub))),
      }
    } else {
      config[key] = ours
      keys[key] = theirs === undefined ? { kind, ours } : { kind, ours, hidden: theirs }
    }
  }
  return { config, keys }
}

/** Two list items dockerd would not take together: equal ones, labels of one key, listeners on one port. */
function sameThing(key: string, a: Json, b: Json): boolean {
  if (key === 'labels') return labelKey(a) === labelKey(b)
  if (key === 'hosts') return sameJson(a, b) || (portOf(a) !== undefined && portOf(a) === portOf(b))
  return sameJson(a, b)
}

const labelKey = (label: Json) => String(label).replace(/=[\s\S]*$/, '')

/** TCP port of a listener ('tcp://0.0.0.0:2376'), undefined for sockets. */
export function portOf(host: Json): string | undefined {
  return /^(?:tcp:\/\/)?[^/]*:(\d+)\/?$/.exec(String(host))?.[1]
}
