/** Tags at Alibaba Cloud: `key=value` as typed, and as the APIs answer them. */
import { UsageError } from '../../src/errors.ts'
import { checkTags, TAG_MACHINE, TAG_STORE, type TagLimits, type Tags } from '../cloud/tags.ts'
import type { TagSet } from './ecs-actions.ts'

export { TAG_MACHINE, TAG_STORE, type Tags, tagList } from '../cloud/tags.ts'

/** The launch an instance comes from: by it an answer that was lost is found again. */
export const TAG_LAUNCH = 'machine:launch'

/** When something shared was made, to the millisecond: ECS itself tells the minute. */
export const TAG_MADE = 'machine:made'

/** Twenty go on one thing; four of them are ours, and one is left. */
export const TAG_LIMITS: TagLimits = {
  cloud: 'Alibaba Cloud',
  reserved: /^(aliyun|acs:)|https?:\/\//i,
  mostKey: 128,
  mostValue: 128,
  most: 15,
}

/** `key=value` each, trimmed. Throws UsageError. */
export function parseTags(words: readonly string[]): Tags {
  const pairs = words.map(word => {
    const at = word.indexOf('=')
    if (at < 0) throw new UsageError(`--aliyunecs-tag "${word}" is not KEY=VALUE`)
    return [word.slice(0, at).trim(), word.slice(at + 1).trim()] as const
  })
  const tags = Object.fromEntries(pairs)
  checkTags(tags, '--aliyunecs-tag', TAG_LIMITS)
  return tags
}

/** What everything made for one machine is tagged with. */
export function machineTags(tags: Tags, name: string, storeId: string): Tags {
  return { ...tags, [TAG_MACHINE]: name, [TAG_STORE]: storeId }
}

/** What is there for all machines of the store is tagged with. */
export function sharedTags(tags: Tags, storeId: string): Tags {
  return { ...tags, [TAG_STORE]: storeId, [TAG_MADE]: new Date().toISOString() }
}

export function tagsOf(thing: { Tags?: TagSet | undefined }): Tags {
  return Object.fromEntries((thing.Tags?.Tag ?? []).map(t => [t.TagKey ?? t.Key ?? '', t.TagValue ?? t.Value ?? '']))
}
