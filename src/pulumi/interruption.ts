/** Stopping: work ends early, and what is there by then goes into the state. */
import { subscribe } from 'node:diagnostics_channel'
import { Interrupted } from '../bare-world.ts'

/** What an engine calls when it is cancelled. Its server for dynamic providers answers, and tells nobody. */
const CANCEL = '/pulumirpc.ResourceProvider/Cancel'

let controller: AbortController | undefined

/** Aborts when the engine is cancelled, or when this process is told to end; told so twice, it ends. */
export function interruption(): AbortSignal {
  if (controller) return controller.signal
  const own = new AbortController()
  controller = own
  // Node tells of each request a server of its process gets, from 22.17 on; before that only signals stop the work.
  subscribe('http2.server.stream.start', message => {
    const { headers } = message as { headers?: Record<string, unknown> }
    if (headers?.[':path'] === CANCEL) own.abort(new Interrupted('cancelled'))
  })
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (own.signal.aborted) process.exit(130)
      own.abort(new Interrupted(name))
    })
  return own.signal
}
