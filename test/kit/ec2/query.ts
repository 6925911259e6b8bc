/** Requests: EC2's query protocol to values and back, by the model. */
import { type Data, isData, type Value } from '../cloud/data.ts'
import { type Branch, treeOf } from '../cloud/form-tree.ts'
import { Problem } from '../cloud/problem.ts'
import { type Member, type Model, queryNameOf, type Shape, shapeOf } from './model.ts'

/** The parameters of an action. Throws what EC2 throws for a name, a kind or a choice it does not know. */
export function parseQuery(model: Model, action: string, form: Iterable<[string, string]>): Data {
  const tree = treeOf(form)
  for (const own of ['Action', 'Version', 'AWSAccessKeyId']) tree.under.delete(own)
  const input = model.operations[action]?.input
  const shape: Shape = input ? shapeOf(model, input) : { type: 'structure', members: {} }
  const parsed = readStructure(model, shape, tree, '')
  for (const name of shape.required ?? []) {
    const member = shape.members?.[name]
    if (member && parsed[name] === undefined)
      throw new Problem('MissingParameter', `The request must contain the parameter ${queryNameOf(name, member)}`)
  }
  return parsed
}

function readStructure(model: Model, shape: Shape, tree: Branch, path: string): Data {
  const result: Data = {}
  const left = new Set(tree.under.keys())
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const key = queryNameOf(name, member)
    const branch = tree.under.get(key)
    if (!branch) continue
    left.delete(key)
    result[name] = readValue(model, member, branch, `${path}${key}`)
  }
  const [unknown] = left
  if (unknown !== undefined || tree.value !== undefined)
    throw new Problem(
      'UnknownParameter',
      `The parameter ${(path + (unknown ?? '')).replace(/\.$/, '')} is not recognized`,
    )
  return result
}

function readValue(model: Model, member: Member, branch: Branch, path: string): Value {
  const shape = shapeOf(model, member)
  if (shape.type === 'structure') return readStructure(model, shape, branch, `${path}.`)
  if (shape.type === 'list' && shape.member) {
    const item = shape.member
    const entries = [...branch.under].sort(([a], [b]) => Number(a) - Number(b))
    for (const [i, [index]] of entries.entries())
      if (index !== String(i + 1))
        throw new Problem('UnknownParameter', `The parameter ${path}.${index} is not recognized`)
    if (branch.value !== undefined) throw new Problem('UnknownParameter', `The parameter ${path} is not recognized`)
    return entries.map(([index, each]) => readValue(model, item, each, `${path}.${index}`))
  }
  const text = branch.value
  if (text === undefined || branch.under.size > 0)
    throw new Problem('UnknownParameter', `The parameter ${path}.${[...branch.under.keys()][0]} is not recognized`)
  return readScalar(shape, text, path)
}

function readScalar(shape: Shape, text: string, path: string): Value {
  const bad = (what: string) => new Problem('InvalidParameterValue', `Invalid value '${text}' for ${path}. ${what}`)
  if (shape.type === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw bad('It must be true or false')
    return text.toLowerCase() === 'true'
  }
  if (shape.type === 'integer' || shape.type === 'long') {
    if (!/^-?\d+$/.test(text)) throw bad('It must be a number')
    return Number(text)
  }
  if (shape.type === 'float' || shape.type === 'double') return Number(text)
  // Filters' own words and states are no enum here; what the model enumerates is taken at its word.
  if (shape.enum && !shape.enum.includes(text)) throw bad(`It must be one of ${shape.enum.slice(0, 12).join(', ')}`)
  return text
}

/** The form of a request. */
export function writeQuery(model: Model, action: string, parameters: Data): URLSearchParams {
  const form = new URLSearchParams({ Action: action, Version: '2016-11-15' })
  const put = (value: Value, of: Member, path: string): void => {
    const shape = shapeOf(model, of)
    if (Array.isArray(value)) {
      const item = shape.member
      if (item) for (const [i, each] of value.entries()) put(each, item, `${path}.${i + 1}`)
    } else if (isData(value)) {
      for (const [name, each] of Object.entries(value)) {
        const member = shape.members?.[name]
        if (member && each !== undefined)
          put(each, member, `${path === '' ? '' : `${path}.`}${queryNameOf(name, member)}`)
      }
    } else form.append(path, String(value))
  }
  const input = model.operations[action]?.input
  if (input) put(parameters, input, '')
  return form
}
