/** Lists in answers: what is asked for of them, and page by page. */
import type { Data, Value } from '../cloud/data.ts'
import { refuseUnless } from '../cloud/problem.ts'
import { invalid } from './problem.ts'
import type { Ask, Tagged, World } from './world.ts'

/** Pages by number, as PageNumber and PageSize say. */
export function byNumber<T>(things: readonly T[], { PageNumber = 1, PageSize = 10 }: Data): { page: T[]; about: Data } {
  const number = Number(PageNumber)
  const size = Number(PageSize)
  const page = things.slice((number - 1) * size, number * size)
  return { page, about: { PageNumber: number, PageSize: size, TotalCount: things.length } }
}

/** Pages by NextToken, where MaxResults or a token ask for it, else by number. */
export function paged<T>(things: readonly T[], parameters: Data, { quotas }: World): { page: T[]; about: Data } {
  const { MaxResults: most, NextToken: token, PageNumber, PageSize } = parameters
  if (most === undefined && (token === undefined || token === '')) return byNumber(things, parameters)
  refuseUnless(
    PageNumber === undefined && PageSize === undefined,
    'InvalidParameter.Conflict',
    'MaxResults and NextToken cannot be given together with PageNumber and PageSize.',
  )
  const from = token === undefined || token === '' ? 0 : readToken(String(token))
  // Fewer than ten are never asked for: the API takes that as ten.
  const size = Math.min(Math.max(Number(most ?? 10), 10), quotas.page)
  const page = things.slice(from, from + size)
  const more = from + size < things.length
  return { page, about: { NextToken: more ? writeToken(from + size) : '', TotalCount: things.length } }
}

const writeToken = (from: number) => Buffer.from(`kit:${from}`).toString('base64url')

function readToken(token: string): number {
  const from = /^kit:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  if (from === undefined) throw invalid('NextToken', 'not one that was given', 'InvalidParameter.NextToken')
  return Number(from)
}

/** The texts of a JSON list, a numbered list or a list with commas; undefined where none is asked for. */
export function wanted(value: Value | undefined): readonly string[] | undefined {
  if (value === undefined || value === '') return undefined
  return Array.isArray(value) ? value.map(String) : String(value).split(',')
}

/** Whether a thing has all the tags asked for; one without a value is any value. */
export function hasTags({ tags }: Pick<Tagged, 'tags'>, asked: Value | undefined): boolean {
  return ((asked ?? []) as Data[]).every(({ Key: key, Value: value }) => {
    const own = tags.get(String(key))
    return own !== undefined && (value === undefined || value === '' || value === own)
  })
}

/** What a thing has, under the names by which parameters ask for it. */
type Facts = Readonly<Record<string, Value | readonly string[] | undefined>>

/** Each parameter that is given must be what the thing has. */
export function matches(parameters: Data, facts: Facts): boolean {
  return Object.entries(facts).every(([name, own]) => {
    const asked = parameters[name]
    if (asked === undefined || asked === '') return true
    return Array.isArray(own) ? (own as Value[]).includes(asked) : own === asked
  })
}

/** Whether the list that is asked for has it, or none is asked for. */
export function within(asked: Value | undefined, own: string | undefined): boolean {
  const list = wanted(asked)
  return list === undefined || (own !== undefined && list.includes(own))
}

/** The region's things that have what is asked for: the given of these facts, and the tags. */
export const askedFor = <T extends Tagged>(
  things: ReadonlyMap<string, T>,
  { parameters, region }: Ask,
  factsOf: (thing: T) => Facts,
): T[] =>
  [...things.values()].filter(
    thing => thing.region === region && matches(parameters, factsOf(thing)) && hasTags(thing, parameters.Tag),
  )

/** The name with asterisks for anything. */
export function fits(pattern: Value | undefined, name: string): boolean {
  if (pattern === undefined || pattern === '') return true
  const parts = String(pattern)
    .split('*')
    .map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(name)
}

export const ecsTags = ({ tags }: Pick<Tagged, 'tags'>): Data => ({
  Tag: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
})
export const vpcTags = ({ tags }: Pick<Tagged, 'tags'>): Data => ({
  Tag: [...tags].map(([Key, TagValue]) => ({ Key, Value: TagValue })),
})

/** The tags of a request; refused where a key comes twice. */
export function readTags(asked: Value | undefined): Map<string, string> {
  const tags = new Map<string, string>()
  for (const { Key, Value: value } of (asked ?? []) as Data[]) {
    refuseUnless(!tags.has(String(Key)), 'Duplicate.TagKey', 'The Tag.N.Key contain duplicate key.')
    tags.set(String(Key), String(value ?? ''))
  }
  return tags
}
