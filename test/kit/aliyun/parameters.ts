/** From the form of a request to the parameters of its action; throws what the API throws for a form or a range it does not take. */
import type { Data, Value } from '../cloud/data.ts'
import { type Branch, treeOf } from '../cloud/form-tree.ts'
import { Problem } from '../cloud/problem.ts'
import type { Kind, Parameters } from './kinds.ts'
import { invalid, missing } from './problem.ts'

/** What every action takes: the gateway's own, what the SDKs add everywhere, and the four of resource owners. */
const COMMON = new Set(
  `Action Version Format AccessKeyId Signature SignatureMethod SignatureVersion SignatureNonce SignatureType Timestamp
  SecurityToken OwnerId OwnerAccount ResourceOwnerId ResourceOwnerAccount`.split(/\s+/),
)

/**
 * The parameters, nested and under the API's names. Stricter than the API in two things, which it would let pass in silence and
 * no good client sends: names it does not know (UnsupportedParameter), and values that no text was meant by.
 */
export function readParameters(takes: Parameters, form: Iterable<[string, string]>): Data {
  const tree = treeOf(form, name => {
    throw new Problem('RepeatedParameter', `The parameter ${name} is given twice.`)
  })
  for (const name of COMMON) if (!Object.hasOwn(takes, name)) tree.under.delete(name)
  // The SDKs of most languages add the region to whatever they send.
  const all = Object.hasOwn(takes, 'RegionId') ? takes : { ...takes, RegionId: { is: 'text' } as const }
  return readGroup(all, tree, '')
}

function readGroup(takes: Parameters, branch: Branch, path: string): Data {
  const result: Data = {}
  const left = new Set(branch.under.keys())
  for (const [name, kind] of Object.entries(takes)) {
    const under = branch.under.get(name)
    left.delete(name)
    if (under) result[name] = readValue(kind, under, path + name)
    // An empty text counts as not given, as an SDK's unset field does.
    if (kind.needed && (result[name] === undefined || result[name] === '')) throw missing(path + name)
    if (result[name] === '' && kind.is !== 'text') delete result[name]
  }
  const [unknown] = left
  if (unknown !== undefined) throw unsupported(path + unknown)
  if (branch.value !== undefined && path !== '') throw unsupported(path.slice(0, -1))
  return result
}

const unsupported = (name: string) =>
  new Problem('UnsupportedParameter', `The parameter "${name}" is not one of this action.`)

function readValue(kind: Kind, branch: Branch, path: string): Value {
  if (kind.is === 'group') return readGroup(kind.of, branch, `${path}.`)
  if (kind.is === 'list') {
    if (branch.value !== undefined) throw unsupported(path)
    const entries = [...branch.under].sort(([a], [b]) => Number(a) - Number(b))
    for (const [i, [index]] of entries.entries())
      if (index !== String(i + 1)) throw invalid(`${path}.${index}`, 'lists are numbered from 1 without a gap')
    if (entries.length > kind.most) throw invalid(path, `at most ${kind.most}`, kind.code)
    return entries.map(([index, each]) => readValue(kind.of, each, `${path}.${index}`))
  }
  const [below] = branch.under.keys()
  if (below !== undefined || branch.value === undefined) throw unsupported(`${path}.${below}`)
  return readScalar(kind, branch.value, path)
}

/** What languages print when somebody forgot to ask what they have. */
const NO_TEXT = /^(undefined|null|NaN|None|\[object \w+\])$|\[object Object\]/

function readScalar(kind: Exclude<Kind, { is: 'group' | 'list' }>, given: string, path: string): Value {
  const bad = (why: string) => invalid(path, why, kind.code)
  if (NO_TEXT.test(given)) throw new Problem('UnsupportedParameter', `The parameter "${path}" is "${given}".`)
  if (given === '') return ''
  switch (kind.is) {
    case 'bool':
      if (!/^(true|false)$/i.test(given)) throw bad('true or false')
      return given.toLowerCase() === 'true'
    case 'int': {
      if (!/^-?\d{1,15}$/.test(given)) throw bad('a whole number')
      const value = Number(given)
      if (value < kind.least || value > kind.most) throw bad(`from ${kind.least} to ${kind.most}`)
      return value
    }
    case 'decimal': {
      const value = Number(given)
      if (!/^\d+(\.\d+)?$/.test(given) || Math.abs(value - Number(value.toFixed(kind.digits))) > 1e-9)
        throw bad(`a number with at most ${kind.digits} decimals`)
      return value
    }
    case 'json':
      return readJson(given, kind.most, kind.match, bad)
    case 'text': {
      if (kind.oneOf) {
        const same = (choice: string) => (kind.cased ? choice === given : choice.toLowerCase() === given.toLowerCase())
        const choice = kind.oneOf.find(same)
        if (choice === undefined) throw bad(`one of ${kind.oneOf.join(', ')}`)
        return choice
      }
      if (kind.match && !kind.match.test(given)) throw bad(`of the form ${kind.match.source}`)
      if (given.length < (kind.least ?? 0) || given.length > (kind.most ?? 65_536)) throw bad('too short or too long')
      return given
    }
  }
}

function readJson(given: string, most: number, match: RegExp | undefined, bad: (why: string) => Problem): Value {
  let parsed: unknown
  try {
    parsed = JSON.parse(given)
  } catch {
    throw bad('a JSON array')
  }
  if (!Array.isArray(parsed) || !parsed.every(each => typeof each === 'string')) throw bad('a JSON array of texts')
  if (parsed.length === 0 || parsed.length > most) throw bad(`from 1 to ${most} texts`)
  if (match && !parsed.every(each => match.test(each))) throw bad(`each of the form ${match.source}`)
  return parsed
}
