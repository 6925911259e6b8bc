/**
 * What of daemon.json is ours. Kept on the host in /etc/docker/.machine.json, so that an option taken back later is
 * removed, what it replaced comes back, and everything somebody else wrote stays.
 */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** One key of daemon.json that we set. */
export type ManagedKey = {
  readonly kind: 'scalar' | 'list' | 'map'
  /** Our value; of a list or map, our part of it. */
  readonly ours: Json
  /** What stood there and had to give way; of a list or map, the items that did. Absent: the key was not there. */
  readonly hidden?: Json
}

export type Managed = {
  readonly version: 1
  /** True if the engine was new and empty when we first saw it: our defaults for new installs apply. */
  readonly fresh: boolean
  readonly keys: { readonly [key: string]: ManagedKey }
}

export const MANAGED_PATH = '/etc/docker/.machine.json'

/** Reads the record. A broken one counts as none: everything in daemon.json is then somebody else's, and stays. */
export function parseManaged(text: string): Managed {
  try {
    const value = JSON.parse(text) as Partial<Managed>
    return { version: 1, fresh: value.fresh === true, keys: value.keys ?? {} }
  } catch {
    return { version: 1, fresh: false, keys: {} }
  }
}

export function renderManaged(managed: Managed): string {
  return `${JSON.stringify(managed, null, 2)}\n`
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

/** Same JSON, whatever the order of keys. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]))
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  }
  return a === b
}
