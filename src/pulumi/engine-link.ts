/** The engine that started this provider: its log, and whether it is still there. */
import { createRequire } from 'node:module'
import { connect } from 'node:net'

export interface Line {
  readonly severity: 'debug' | 'info' | 'warning' | 'error'
  readonly text: string
  /** Shown while the work goes on, and not kept. */
  readonly passing: boolean
}

export interface EngineLink {
  /** A line on the row of a resource; '' for none. */
  tell(urn: string, line: Line): void
  /** False when the engine is gone: nobody will write down what it is answered. */
  heard(): Promise<boolean>
  /** Calls back once when nobody is at the engine's address any more. */
  onGone(call: () => void): void
}

/** How often it is looked whether the engine is there. */
const LOOK_MS = 3000
const SEVERITY = { debug: 0, info: 1, warning: 2, error: 3 }

let link: EngineLink | undefined

/** Pulumi hands the engine's address to providers as their first word. */
export function engineLink(): EngineLink {
  const address = process.argv[2] ?? ''
  link ??= /^[\w.[\]:-]+:\d+$/.test(address) ? linkTo(address) : { tell() {}, heard: async () => true, onGone() {} }
  return link
}

function linkTo(address: string): EngineLink {
  // gRPC is Pulumi's dependency, not ours: it is looked for where Pulumi is.
  const sdk = createRequire(createRequire(import.meta.url).resolve('@pulumi/pulumi'))
  const grpc = sdk('@grpc/grpc-js')
  const { EngineClient } = sdk('./proto/engine_grpc_pb')
  const { LogRequest } = sdk('./proto/engine_pb')
  const client = new EngineClient(address, grpc.credentials.createInsecure())
  const send = (urn: string, { severity, text, passing }: Line) =>
    new Promise<boolean>(resolve => {
      const request = new LogRequest()
      request.setSeverity(SEVERITY[severity])
      request.setMessage(text)
      request.setUrn(urn)
      request.setEphemeral(passing)
      client.log(request, { deadline: Date.now() + 5000 }, (error: Error | null) => resolve(error === null))
    })
  return {
    tell: (urn, line) => void send(urn, line),
    heard: () => send('', { severity: 'debug', text: 'the state of a machine is handed over', passing: true }),
    onGone(call) {
      const timer = setInterval(async () => {
        if (await listens(address)) return
        clearInterval(timer)
        call()
      }, LOOK_MS).unref()
    },
  }
}

/** False where a connection is refused, as it is once a process was killed; one that is slow is there. */
function listens(address: string): Promise<boolean> {
  const at = address.lastIndexOf(':')
  const host = address.slice(0, at).replace(/^\[|\]$/g, '')
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(address.slice(at + 1)) })
    const told = (there: boolean) => {
      socket.destroy()
      resolve(there)
    }
    socket.once('connect', () => told(true))
    socket.once('error', (error: NodeJS.ErrnoException) => told(error.code !== 'ECONNREFUSED'))
    socket.setTimeout(LOOK_MS, () => told(true))
  })
}
