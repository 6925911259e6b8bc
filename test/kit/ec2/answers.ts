/** Answers: EC2's XML to values and back, by the model; and its errors, in exactly its form. */
import { randomUUID } from 'node:crypto'
import { type Data, isData, type Value } from '../cloud/data.ts'
import { Problem } from '../cloud/problem.ts'
import { type Member, type Model, shapeOf, xmlNameOf } from './model.ts'
import { type Element, escapeXml, parseXml } from './xml.ts'

/** An answer's members; what the model does not know is left out. Throws the Problem it holds. */
export function readAnswer(model: Model, action: string, status: number, text: string): Data {
  const root = parseXml(text)
  const error = find(root, 'Errors')?.children[0] ?? find(root, 'Error')
  if (status >= 300 || error !== undefined) {
    const code = error && find(error, 'Code')?.text
    throw new Problem(code ?? 'InternalError', (error && find(error, 'Message')?.text) ?? text.slice(0, 500), status)
  }
  const output = model.operations[action]?.output
  return output ? (readElement(model, output, root) as Data) : {}
}

const find = (element: Element, name: string) => element.children.find(child => child.name === name)

function readElement(model: Model, of: Member, element: Element): Value {
  const shape = shapeOf(model, of)
  if (shape.type === 'list' && shape.member) {
    const item = shape.member
    return element.children.map(child => readElement(model, item, child))
  }
  if (shape.type === 'structure') {
    const result: Data = {}
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const child = find(element, xmlNameOf(name, member))
      if (child) result[name] = readElement(model, member, child)
    }
    return result
  }
  if (shape.type === 'boolean') return element.text === 'true'
  if (shape.type === 'integer' || shape.type === 'long') return Number(element.text)
  return element.text
}

/** The whole text of an answer. */
export function writeAnswer(model: Model, action: string, answer: Data, requestId: string): string {
  const output = model.operations[action]?.output
  const body = output ? write(model, output, answer) : '<return>true</return>'
  const name = `${action}Response`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${model.namespace}"><requestId>${requestId}</requestId>${body}</${name}>`
}

function write(model: Model, of: Member, value: Value): string {
  const shape = shapeOf(model, of)
  if (Array.isArray(value)) {
    const item = shape.member
    return item ? value.map(each => `<item>${write(model, item, each)}</item>`).join('') : ''
  }
  if (!isData(value)) return escapeXml(String(value))
  return Object.entries(shape.members ?? {})
    .filter(([name]) => value[name] !== undefined)
    .map(([name, member]) => {
      const tag = xmlNameOf(name, member)
      return `<${tag}>${write(model, member, value[name] as Value)}</${tag}>`
    })
    .join('')
}

export function writeProblem({ code, message }: Problem, requestId: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`
}

export const newRequestId = (): string => randomUUID()
