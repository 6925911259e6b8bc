/** Stopping: work ends early, and what is there by then goes into the state. */
import { subscribe } from 'node:diagnostics_channel'
import { Interrupted } from '../bare-world.ts'
import { engineLink } from './engine-link.ts'

/** What an engine calls when it is cancelled. Its server for dynamic providers answers, and tells nobody. */
const CANCEL = '/pulumirpc.ResourceProvider/Cancel'

let controller: AbortController | undefined
/** Calls that are being answered. */
let running = 0
/** The engine was killed: Pulumi's server for dynamic providers would wait for it for ever. */
let orphaned = false

/** Aborts when the engine is cancelled, or when this process is told to end; told so twice, or with no work to stop, it ends. */
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
      if (own.signal.aborted || running === 0) process.exit(130)
      own.abort(new Interrupted(name))
    })
  engineLink().onGone(() => {
    orphaned = true
    own.abort(new Interrupted('the engine is gone'))
    endIfOrphaned()
  })
  return own.signal
}

/** Answers a call; where nobody waits for the answer any more, the process ends with it. */
export async function answering<T>(work: () => Promise<T>): Promise<T> {
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    endIfOrphaned()
  }
}

function endIfOrphaned(): void {
  if (orphaned && running === 0) process.exit(1)
}
