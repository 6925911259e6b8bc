/** `modify` of the driver's settings: what is told of it, and asked. */
import { resizeByFlags } from './driver-change.ts'
import type { Resized } from './machine/resize.ts'
import { describe } from './machine/settings-change.ts'
import type { World } from './machine/world.ts'
import { confirm } from './terminal/secret.ts'

export interface HowToResize {
  readonly dryRun: boolean
  readonly yes: boolean
  /** Where questions go. */
  readonly stream: NodeJS.WritableStream
}

/** Changes them, and tells what differs before and what came of it. */
export async function resizeTold(
  name: string,
  typed: Readonly<Record<string, unknown>>,
  w: World,
  { dryRun, yes, stream }: HowToResize,
): Promise<Resized> {
  const tell = (text: string) => w.say({ machine: name, type: 'info', text })
  const show = ({ changes, restart }: Resized) => {
    for (const change of changes) tell(describe(change))
    if (changes.length > 0) tell(restart ? RESTARTS : 'the machine is off, and stays off')
  }
  const done = await resizeByFlags(name, typed, w, {
    dryRun,
    async confirm(told) {
      show(told)
      return yes || !told.restart || (await confirm(`Stop "${name}" and start it again? (y/n): `, stream))
    },
  })
  if (done.applied) return done
  if (dryRun) show(done)
  tell(dryRun && done.changes.length > 0 ? 'nothing was changed: this was a dry run' : 'nothing had to be changed')
  return done
}

const RESTARTS =
  'the machine stops and starts: running containers stop, and those with a restart policy start again; its address may change'
