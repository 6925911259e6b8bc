/** Tags by which what we made in a cloud is found again, and whether a person's own may stand beside them. */
import { UsageError } from '../../src/errors.ts'

/** The machine something was made for. */
export const TAG_MACHINE = 'machine:name'
/** The store that made it. */
export const TAG_STORE = 'machine:store'
/** On a volume that outlives its machine because somebody asked for that. */
export const TAG_KEPT = 'machine:kept'

export type Tags = Readonly<Record<string, string>>

/** What a cloud takes. */
export interface TagLimits {
  /** Its name in texts. */
  readonly cloud: string
  /** Keys it keeps for itself. */
  readonly reserved: RegExp
  readonly mostKey: number
  readonly mostValue: number
  /** How many a person may set: what the cloud takes less our own. */
  readonly most: number
}

/** Throws UsageError for tags the cloud would refuse, and for those that are ours to set. `what`: the flag. */
export function checkTags(tags: Tags, what: string, limits: TagLimits): void {
  const { cloud, reserved, mostKey, mostValue, most } = limits
  for (const [key, value] of Object.entries(tags)) {
    const why =
      key === ''
        ? 'a tag without a key'
        : reserved.test(key)
          ? `the tag "${key}": ${cloud} keeps such keys for itself`
          : /^machine:/.test(key)
            ? `the tag "${key}": machine: is this program's own`
            : key.length > mostKey || value.length > mostValue
              ? `the tag "${key.slice(0, 30)}": a key has ${mostKey} characters at most, a value ${mostValue}`
              : undefined
    if (why !== undefined) throw new UsageError(`${what} has ${why}`)
  }
  if (Object.keys(tags).length > most)
    throw new UsageError(`${what} has ${Object.keys(tags).length} tags, more than the ${most} ${cloud} has room for`)
}

/** As APIs take them. */
export function tagList(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
