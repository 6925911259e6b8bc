/** A program, run by @pulumi/pulumi's own runner with us in the place of the engine's resource monitor. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LIGHT } from './light-node.ts'
import type { Json } from './report.ts'

/** A resource as the program asks for it. */
export interface Registration {
  readonly urn: string
  readonly custom: boolean
  /** Secrets are in their wire form. */
  readonly inputs: Json
  /** Outputs that are secret. */
  readonly secret: string[]
  readonly ignored: string[]
  /** Where it is made anew, the old one goes first, whatever the provider says. */
  readonly deletedFirst: boolean
  /** URNs it may have had before. */
  readonly aliases: string[]
}

export interface Surroundings {
  readonly engine: string
  readonly preview: boolean
  readonly require: NodeJS.Require
}

type Register = (request: Registration) => Promise<{ id: string; outputs: Json }>

/** Its exit code. What `register` throws is what the program's resource fails with. */
export async function runProgram(project: string, o: Surroundings, register: Register): Promise<number> {
  const { require, engine, preview } = o
  const grpc = require('@grpc/grpc-js')
  const { ResourceMonitorService } = require('@pulumi/pulumi/proto/resource_grpc_pb')
  const proto = require('@pulumi/pulumi/proto/resource_pb')
  const { Empty } = require('google-protobuf/google/protobuf/empty_pb')
  const { Struct } = require('google-protobuf/google/protobuf/struct_pb')
  const server = new grpc.Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 })
  server.addService(ResourceMonitorService, {
    supportsFeature(call: Call<{ getId(): string }>, done: Done) {
      const answer = new proto.SupportsFeatureResponse()
      answer.setHassupport(['secrets', 'aliasSpecs'].includes(call.request.getId()))
      done(null, answer)
    },
    registerResource(call: Call<Wire>, done: Done) {
      const request = read(call.request)
      register(request).then(
        ({ id, outputs }) => {
          const answer = new proto.RegisterResourceResponse()
          answer.setUrn(request.urn)
          answer.setId(id)
          answer.setObject(Struct.fromJavaScript(JSON.parse(JSON.stringify(marked(outputs, request.secret)))))
          done(null, answer)
        },
        error => done({ code: grpc.status.UNKNOWN, message: error.message }),
      )
    },
    registerResourceOutputs: (_: unknown, done: Done) => done(null, new Empty()),
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error: Error | null, bound: number) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  const names = ['index.js', 'index.mjs', 'index.ts']
  const program = names.map(name => join(project, name)).find(path => existsSync(path)) ?? project
  const addresses = [`--monitor=127.0.0.1:${port}`, `--engine=${engine}`]
  const who = ['--organization=organization', '--project=project', '--stack=stack', '--parallel=16']
  const argv = [...LIGHT, require.resolve('@pulumi/pulumi/cmd/run'), ...addresses, ...who, `--pwd=${project}`]
  const child = spawn(process.execPath, [...argv, ...(preview ? ['--dry-run'] : []), program], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  server.forceShutdown()
  return code ?? -1
}

interface Call<T> {
  readonly request: T
}
type Done = (error: null | { code: number; message: string }, answer?: unknown) => void

interface Wire {
  getType(): string
  getName(): string
  getParent(): string
  getCustom(): boolean
  getObject(): { toJavaScript(): Json }
  getAdditionalsecretoutputsList(): string[]
  getIgnorechangesList(): string[]
  getDeletebeforereplace(): boolean
  getAliasesList(): { getUrn(): string; getSpec(): { getName(): string } | undefined }[]
}

const STACK = 'pulumi:pulumi:Stack'

function read(wire: Wire): Registration {
  const above = wire.getParent().split('::')[2]?.split('$') ?? []
  const types = [...above.filter(type => type !== '' && type !== STACK), wire.getType()]
  const urnOf = (name: string) => `urn:pulumi:stack::project::${types.join('$')}::${name}`
  const names = wire.getAliasesList().map(alias => alias.getUrn() || alias.getSpec()?.getName() || '')
  return {
    urn: urnOf(wire.getName()),
    custom: wire.getCustom(),
    inputs: wire.getObject().toJavaScript(),
    secret: wire.getAdditionalsecretoutputsList(),
    ignored: wire.getIgnorechangesList(),
    deletedFirst: wire.getDeletebeforereplace(),
    aliases: names.map(name => (name.startsWith('urn:') ? name : urnOf(name))),
  }
}

function marked(outputs: Json, secret: string[]): Json {
  const wrap = (value: unknown) => ({ '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value })
  const there = secret.filter(name => outputs[name] !== undefined)
  return { ...outputs, ...Object.fromEntries(there.map(name => [name, wrap(outputs[name])])) }
}
