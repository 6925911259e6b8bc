/**
 * AWS' own description of the EC2 API, as boto3 ships it: which actions there are, with which parameters, of which kinds. What
 * is refused as unknown is so by this, not by a list of ours.
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { packageFile } from './venv.ts'

export interface Member {
  readonly shape: string
  readonly locationName?: string
  readonly queryName?: string
  readonly idempotencyToken?: boolean
}
export interface Shape {
  readonly type: string
  readonly members?: Readonly<Record<string, Member>>
  readonly required?: readonly string[]
  readonly member?: Member
  readonly enum?: readonly string[]
}
interface Operation {
  readonly name: string
  readonly input?: Member
  readonly output?: Member
}
export interface Model {
  readonly namespace: string
  readonly shapes: Readonly<Record<string, Shape>>
  readonly operations: Readonly<Record<string, Operation>>
}

let loaded: Model | undefined

/** Read when it is first asked for: 0.1 s. */
export function loadModel(): Model {
  if (loaded) return loaded
  const path = packageFile('botocore/data/ec2/2016-11-15/service-2.json.gz')
  const raw = JSON.parse(gunzipSync(readFileSync(path)).toString())
  loaded = { namespace: raw.metadata.xmlNamespace, shapes: raw.shapes, operations: raw.operations }
  return loaded
}

/** The shape of what a member holds. Throws for one the model does not have. */
export function shapeOf(model: Model, of: Member | string): Shape {
  const name = typeof of === 'string' ? of : of.shape
  const shape = model.shapes[name]
  if (!shape) throw new Error(`the model has no shape ${name}`)
  return shape
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** The name of a member in a request: EC2's protocol has its own rule. */
export function queryNameOf(name: string, member: Member): string {
  return member.queryName ?? capital(member.locationName ?? name)
}

/** The name of a member in an answer. */
export function xmlNameOf(name: string, member: Member): string {
  return member.locationName ?? name
}
