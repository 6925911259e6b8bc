/** The server for dynamic providers that @pulumi/pulumi ships, as its engine starts and calls it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { LIGHT } from './light-node.ts'
import type { Json, Resource } from './report.ts'

/** A call that failed; `half` is what there is all the same. */
export class ProviderError extends Error {
  readonly half: { id: string; outputs: Json } | undefined
  constructor(message: string, half?: { id: string; outputs: Json }) {
    super(message)
    this.half = half
  }
}

export async function startProvider(project: string, engine: string, require: NodeJS.Require) {
  const grpc = require('@grpc/grpc-js')
  const proto = require('@pulumi/pulumi/proto/provider_pb')
  const { ResourceProviderClient } = require('@pulumi/pulumi/proto/provider_grpc_pb')
  const { Empty } = require('google-protobuf/google/protobuf/empty_pb')
  const { Struct } = require('google-protobuf/google/protobuf/struct_pb')
  const { Status } = require('@pulumi/pulumi/proto/status_pb')
  const server = require.resolve('@pulumi/pulumi/cmd/dynamic-provider')
  // A group of its own, as Pulumi's engine does it: Ctrl-C reaches the engine alone.
  const child = spawn(process.execPath, [...LIGHT, server, engine], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const [port] = (await once(createInterface(child.stdout), 'line')) as [string]
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    'grpc.max_receive_message_length': 400 * 1024 * 1024,
  })
  const struct = (value: Json) => Struct.fromJavaScript(JSON.parse(JSON.stringify(value)))

  /** Sets the fields of a request by the names of their setters and calls. */
  function call<T>(method: string, type: string, fields: Record<string, unknown>): Promise<T> {
    const request = type === 'Empty' ? new Empty() : new proto[type]()
    for (const [field, value] of Object.entries(fields)) request[`set${field}`](value)
    return new Promise((resolve, reject) => {
      client[method](request, (error: GrpcError | null, answer: T) => (error ? reject(told(error)) : resolve(answer)))
    })
  }

  function told(error: GrpcError): ProviderError {
    const message = error.details ?? error.message
    const [packed] = error.metadata?.get('grpc-status-details-bin') ?? []
    if (!packed) return new ProviderError(message)
    const [detail] = Status.deserializeBinary(packed).getDetailsList()
    if (!detail) return new ProviderError(message)
    const failed = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8())
    return new ProviderError(message, { id: failed.getId(), outputs: failed.getProperties().toJavaScript() })
  }

  return {
    pid: child.pid,
    async check(urn: string, olds: Json, news: Json): Promise<Json> {
      const fields = { Urn: urn, Olds: struct(olds), News: struct(news) }
      const answer = await call<Answer>('check', 'CheckRequest', fields)
      const failures = answer.getFailuresList().map(f => `${f.getProperty()}: ${f.getReason()}`)
      if (failures.length > 0) throw new ProviderError(failures.join('\n'))
      return answer.getInputs().toJavaScript()
    },
    async diff(urn: string, { id, inputs, outputs }: Resource, news: Json) {
      const fields = { Urn: urn, Id: id, Olds: struct(outputs), OldInputs: struct(inputs), News: struct(news) }
      const answer = await call<Answer>('diff', 'DiffRequest', fields)
      return {
        changes: answer.getChanges() !== proto.DiffResponse.DiffChanges.DIFF_NONE,
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      }
    },
    async create(urn: string, inputs: Json) {
      const answer = await call<Answer>('create', 'CreateRequest', { Urn: urn, Properties: struct(inputs) })
      return { id: answer.getId(), outputs: answer.getProperties().toJavaScript() }
    },
    async update(urn: string, { id, outputs }: Resource, news: Json): Promise<Json> {
      const fields = { Urn: urn, Id: id, Olds: struct(outputs), News: struct(news) }
      return (await call<Answer>('update', 'UpdateRequest', fields)).getProperties().toJavaScript()
    },
    async delete({ urn, id, outputs }: Resource): Promise<void> {
      await call('pb_delete' in client ? 'pb_delete' : 'delete', 'DeleteRequest', {
        Urn: urn,
        Id: id,
        Properties: struct(outputs),
      })
    },
    /** Undefined: it is gone. */
    async read({ urn, id, inputs, outputs }: Resource): Promise<Json | undefined> {
      const fields = { Urn: urn, Id: id, Inputs: struct(inputs), Properties: struct(outputs) }
      const answer = await call<Answer>('read', 'ReadRequest', fields)
      return answer.getId() === '' ? undefined : answer.getProperties().toJavaScript()
    },
    /** What Ctrl-C comes to. */
    cancel: () => call('cancel', 'Empty', {}),
    async end(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return
      const late = setTimeout(() => child.kill('SIGKILL'), 5000)
      child.kill('SIGTERM')
      await once(child, 'exit')
      clearTimeout(late)
    },
  }
}

interface GrpcError extends Error {
  details?: string
  metadata?: { get(key: string): Uint8Array[] }
}

interface Answer {
  getId(): string
  getInputs(): { toJavaScript(): Json }
  getProperties(): { toJavaScript(): Json }
  getFailuresList(): { getProperty(): string; getReason(): string }[]
  getChanges(): number
  getReplacesList(): string[]
  getDeletebeforereplace(): boolean
}
