/** The words in which tables of parameters are written: what an action takes, of which form, in which range. */

export interface Text {
  readonly is: 'text'
  readonly oneOf?: readonly string[]
  /** Whether `oneOf` minds upper and lower case. */
  readonly cased?: boolean
  readonly match?: RegExp
  /** Length, in characters. */
  readonly least?: number
  readonly most?: number
}
export interface Whole {
  readonly is: 'int'
  readonly least: number
  readonly most: number
  /** The API takes it as text, though it is a number. */
  readonly asText?: boolean
}
export interface Decimal {
  readonly is: 'decimal'
  readonly digits: number
}
export interface Flag {
  readonly is: 'bool'
}
/** `Name.1`, `Name.2` …, numbered without a gap. */
export interface List {
  readonly is: 'list'
  readonly of: Kind
  readonly most: number
}
/** `Name.Part`. */
export interface Group {
  readonly is: 'group'
  readonly of: Parameters
}
/** A JSON array of texts, in one parameter. */
export interface JsonList {
  readonly is: 'json'
  readonly most: number
  readonly match?: RegExp
}
export type Kind = (Text | Whole | Decimal | Flag | List | Group | JsonList) & {
  readonly needed?: boolean
  /** The code of the refusal; InvalidParameter by default. */
  readonly code?: string
}
export type Parameters = Readonly<Record<string, Kind>>

export const text: Kind = { is: 'text' }
export const bool: Kind = { is: 'bool' }
export const int = (least = 0, most = 2 ** 31 - 1): Kind => ({ is: 'int', least, most })
export const intText = (least: number, most: number): Kind => ({ is: 'int', least, most, asText: true })
export const decimal = (digits: number): Kind => ({ is: 'decimal', digits })
export const oneOf = (...choices: string[]): Kind => ({ is: 'text', oneOf: choices, cased: true })
/** As oneOf, whatever the case. */
export const anyCase = (...choices: string[]): Kind => ({ is: 'text', oneOf: choices, cased: false })
export const like = (match: RegExp, code?: string): Kind => ({ is: 'text', match, ...(code ? { code } : {}) })
export const sized = (least: number, most: number): Kind => ({ is: 'text', least, most })
export const list = (most: number, of: Kind = text): Kind => ({ is: 'list', of, most })
export const group = (of: Parameters): Kind => ({ is: 'group', of })
export const jsonList = (most: number, match?: RegExp): Kind => ({ is: 'json', most, ...(match ? { match } : {}) })
export const need = (kind: Kind): Kind => ({ ...kind, needed: true })
export const coded = (code: string, kind: Kind): Kind => ({ ...kind, code })

const many = (names: string, kind: Kind): Parameters =>
  Object.fromEntries(names.split(/\s+/).map(name => [name, kind] as const))
/** Parameters about which nothing more than their type is said, by their names. */
export const texts = (names: string): Parameters => many(names, text)
export const ints = (names: string): Parameters => many(names, int())
export const bools = (names: string): Parameters => many(names, bool)

const idForm = (prefix: string) => new RegExp(`^${prefix}-[0-9a-z]{6,40}$`)
/** An id as the product gives them: i-, sg-, vsw- …, letters and digits. */
export const id = (prefix: string): Kind => like(idForm(prefix))
export const jsonIds = (most: number, prefix: string): Kind => jsonList(most, idForm(prefix))
export const tags = list(20, {
  is: 'group',
  of: {
    Key: coded('InvalidTagKey.Malformed', need(like(/^(?!aliyun|acs:)(?!.*https?:\/\/).{1,128}$/s))),
    Value: coded('InvalidTagValue.Malformed', like(/^(?!.*https?:\/\/).{0,128}$/s)),
  },
})
export const tagFilter = list(20, { is: 'group', of: { Key: text, Value: text } })
export const filters = list(20, { is: 'group', of: { Key: text, Value: text } })
export const clientToken = like(/^[\x21-\x7e]{1,64}$/, 'InvalidParameter.ClientToken')
export const pageNumber = int(1)
export const pageSize = int(1, 100)
export const description = like(/^(?!https?:\/\/).{2,256}$/s, 'InvalidDescription.Malformed')
const PUBLIC_CIDR = /^(\d{1,3}\.){3}\d{1,3}(\/([0-9]|[12][0-9]|3[0-2]))?$/
export const cidr = like(PUBLIC_CIDR, 'InvalidParam.SourceIp')

/** What nearly every action wants. */
export const region: Parameters = { RegionId: need(text) }

/** The parameters of one action, and the page of the API's documentation they come from. */
export interface Action {
  readonly page: string
  readonly parameters: Parameters
}
export type Actions = Readonly<Record<string, Action>>

/** The actions of a product's version; `page` is where OpenAPI Portal documents each. */
export function table(
  product: 'Ecs' | 'Vpc' | 'Slb' | 'Sts',
  version: string,
  actions: Record<string, Parameters>,
): Actions {
  const entries = Object.entries(actions).map(
    ([action, parameters]) =>
      [action, { page: `https://api.aliyun.com/document/${product}/${version}/${action}`, parameters }] as const,
  )
  return Object.fromEntries(entries)
}
