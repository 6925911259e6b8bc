import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ctx, Instance } from '../driver.ts'
import { answers } from '../reach.ts'
import { dataOf } from './output.ts'
import { type Places, placesOf } from './places.ts'
import { reach, running } from './reach.ts'
import { unchanged } from './remembered.ts'
import { LOOK_MS, runVagrant } from './run.ts'
import type { State } from './state.ts'
import { statusOf } from './status.ts'

/** As short as a look may be; one that runs answers in far less. */
const ANSWER_MS = 1_500

/** The machine as Vagrant sees it; without Vagrant where it is sure to be as it was. */
export async function inspectVm(state: State, ctx: Ctx): Promise<Instance> {
  const places = placesOf(state, ctx)
  // Interrupted before the first checkpoint, or not brought up yet, or destroyed by somebody else.
  if (!state.VmName || !(await isMade(state, places))) return { status: 'Not Found' }
  const known = await unchanged(state, places, ctx.env)
  if (known && (await answers(known.address, known.port, ctx.signal, ANSWER_MS))) return running(known)
  const way = await reach(state, ctx)
  if (way) return running(way)
  const options = { doing: `look at "${state.VmName}"`, deadlineMs: LOOK_MS }
  const { lines } = await runVagrant(['status', state.VmName], places, state, ctx, options)
  return { status: statusOf(dataOf(lines, 'state', state.VmName)?.[0] ?? '', state.Provider) }
}

/** Whether Vagrant has an id of it: the file goes when the machine is destroyed. */
export async function isMade(state: Pick<State, 'VmName'>, { dotfile }: Pick<Places, 'dotfile'>): Promise<boolean> {
  const folder = join(dotfile, 'machines', state.VmName)
  const providers = await readdir(folder).catch(() => [])
  const there = await Promise.all(
    providers.map(provider =>
      access(join(folder, provider, 'id')).then(
        () => true,
        () => false,
      ),
    ),
  )
  return there.includes(true)
}
