/** The engine's log, as providers reach it. */
import type { Report } from './report.ts'

export async function startLog(require: NodeJS.Require) {
  const grpc = require('@grpc/grpc-js')
  const { EngineService } = require('@pulumi/pulumi/proto/engine_grpc_pb')
  const { Empty } = require('google-protobuf/google/protobuf/empty_pb')
  const lines: Report['lines'] = []
  const server = new grpc.Server()
  server.addService(EngineService, {
    log({ request }: { request: Line }, done: (error: null, answer: unknown) => void) {
      if (request.getSeverity() > 0)
        lines.push({
          severity: request.getSeverity(),
          message: request.getMessage(),
          urn: request.getUrn(),
          ephemeral: request.getEphemeral(),
        })
      done(null, new Empty())
    },
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error: Error | null, bound: number) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return { address: `127.0.0.1:${port}`, lines, end: () => server.forceShutdown() }
}

interface Line {
  getSeverity(): number
  getMessage(): string
  getUrn(): string
  getEphemeral(): boolean
}
