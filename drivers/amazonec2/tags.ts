/** Tags: the person's own, and those by which what we made is found again. */
import { UsageError } from '../../src/errors.ts'
import * as shared from '../cloud/tags.ts'
import { TAG_MACHINE, TAG_STORE, type Tags } from '../cloud/tags.ts'

export { TAG_KEPT, TAG_MACHINE, TAG_STORE, type Tags, tagList } from '../cloud/tags.ts'

/** EC2 takes fifty for one thing, and four of them are ours. */
const LIMITS: shared.TagLimits = { cloud: 'AWS', reserved: /^aws:/i, mostKey: 128, mostValue: 256, most: 46 }

/** `key,value,key,value` as Docker Machine had it, or `key=value,key=value`. Throws UsageError. */
export function parseTags(text: string): Tags {
  const words = text === '' ? [] : text.split(',')
  const pairs = words.every(word => word.includes('=')) ? words.map(splitAtEquals) : inPairs(words, text)
  const tags = Object.fromEntries(pairs.map(([key, value]) => [key.trim(), value.trim()]))
  checkTags(tags, '--amazonec2-tags')
  return tags
}

function splitAtEquals(word: string): [string, string] {
  const at = word.indexOf('=')
  return [word.slice(0, at), word.slice(at + 1)]
}

function inPairs(words: readonly string[], text: string): [string, string][] {
  if (words.length % 2 === 1)
    throw new UsageError(`--amazonec2-tags "${text}" is not in pairs: ${words.length} words`, [
      'as in key,value,key,value or key=value,key=value',
    ])
  return words.flatMap((word, i) => (i % 2 === 0 ? [[word, words[i + 1] as string] as [string, string]] : []))
}

/** Throws UsageError for tags EC2 would refuse, and for those that are ours to set. */
export function checkTags(tags: Tags, what: string): void {
  shared.checkTags(tags, what, LIMITS)
}

/** As Docker Machine's record keeps them. */
export function renderTags(tags: Tags): string {
  return Object.entries(tags).flat().join(',')
}

/** What everything made for one machine is tagged with. */
export function machineTags(tags: Tags, name: string, storeId: string): Tags {
  return { Name: name, ...tags, [TAG_MACHINE]: name, [TAG_STORE]: storeId }
}

/** As the API answers them. */
type ApiTag = { Key?: string | undefined; Value?: string | undefined }

export function tagsOf(thing: { Tags?: readonly ApiTag[] | undefined }): Tags {
  return Object.fromEntries((thing.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}
