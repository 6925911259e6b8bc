import type { Ctx } from '../driver.ts'
import { placesOf } from './places.ts'
import { endOrphan } from './process.ts'
import { reach } from './reach.ts'
import { forget } from './remembered.ts'
import { runVagrant } from './run.ts'
import type { State } from './state.ts'

/** A box may have to be downloaded, over a slow line. */
const UP_MS = 3 * 3_600_000
/** Vagrant asks a guest to end, and pulls the plug after a minute. */
const HALT_MS = 300_000

async function change(
  args: readonly string[],
  doing: string,
  deadlineMs: number,
  state: State,
  ctx: Ctx,
): Promise<void> {
  const places = placesOf(state, ctx)
  if (await endOrphan(places)) ctx.say({ type: 'info', text: 'Ended the vagrant of an earlier run that was killed' })
  await forget(places)
  await runVagrant(args, places, state, ctx, { doing, deadlineMs, changes: true })
  ctx.point(`vagrant ${args[0]}`)
}

/** Makes the machine or starts it, from whatever state it is in. */
export async function bringUp(state: State, ctx: Ctx): Promise<void> {
  const provider = state.Project ? [] : ['--provider', state.Provider]
  const args = ['up', state.VmName, ...provider, '--no-destroy-on-error', '--no-install-provider', '--no-parallel']
  await change(args, `bring up "${state.VmName}"`, UP_MS, state, ctx)
}

export async function startVm(state: State, ctx: Ctx): Promise<void> {
  await bringUp(state, ctx)
  await reach(state, ctx) // a new address is found now, and remembered
}

export async function stopVm(state: State, ctx: Ctx): Promise<void> {
  await change(['halt', state.VmName], `stop "${state.VmName}"`, HALT_MS, state, ctx)
}

/** Pulls the plug. */
export async function killVm(state: State, ctx: Ctx): Promise<void> {
  await change(['halt', '-f', state.VmName], `kill "${state.VmName}"`, HALT_MS, state, ctx)
}

export async function restartVm(state: State, ctx: Ctx): Promise<void> {
  await change(['reload', state.VmName, '--no-provision'], `restart "${state.VmName}"`, UP_MS, state, ctx)
  await reach(state, ctx)
}
