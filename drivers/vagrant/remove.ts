import { access, mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { dropContainer } from './containers.ts'
import { dropDomain } from './domains.ts'
import { isMade } from './inspect.ts'
import { type Places, placesOf } from './places.ts'
import { endOrphan } from './process.ts'
import { rubyString } from './ruby.ts'
import { runVagrant } from './run.ts'
import type { State } from './state.ts'

const DESTROY_MS = 600_000
/** So long another vagrant may be at work on it, in milliseconds. */
const LOCKED_MS = 120_000

/** Destroys the machine, and our folder of it. A project's machine stays unless `rm` was to destroy it. */
export async function removeVm(state: State, ctx: Ctx): Promise<void> {
  // Interrupted before the first checkpoint: nothing was made yet.
  if (!state.VmName) return
  const places = placesOf(state, ctx)
  await endOrphan(places)
  if (state.Project && !state.ProjectDestroy) {
    ctx.say({
      type: 'info',
      text: `"${state.VmName}" of ${state.Project} goes on as it is; \`vagrant destroy ${state.VmName}\` there destroys it`,
    })
  } else {
    if (await isMade(state, places)) await destroy(state, places, ctx)
    ctx.point('vagrant destroyed')
    const begun = !state.Project && (await isThere(join(places.dotfile, 'machines')))
    if (begun && state.Provider === 'docker') await dropContainer(state, places, ctx)
    if (begun && state.Provider === 'libvirt') await dropDomain(state, ctx)
  }
  await rm(places.own, { recursive: true, force: true })
  ctx.point('vagrant folder removed')
}

async function destroy(state: State, places: Places, ctx: Ctx): Promise<void> {
  if (!state.Project && !(await isThere(places.vagrantfile))) await writeBare(state, places)
  try {
    await destroyWhenFree(state, places, ctx)
  } catch (error) {
    // Our own file, which a fragment or an edit made unreadable, is not needed to destroy what it made.
    if (state.Project || !hasCode(error, 'VAGRANT_FILE')) throw error
    await writeBare(state, places)
    await destroyWhenFree(state, places, ctx)
  }
}

async function destroyWhenFree(state: State, places: Places, ctx: Ctx): Promise<void> {
  const options = { doing: `destroy "${state.VmName}"`, deadlineMs: DESTROY_MS, changes: true }
  for (const deadline = Date.now() + LOCKED_MS; ; await sleep(2_000, undefined, { signal: ctx.signal })) {
    try {
      await runVagrant(['destroy', '-f', state.VmName], places, state, ctx, options)
      return
    } catch (error) {
      if (!hasCode(error, 'VAGRANT_LOCKED') || Date.now() > deadline) throw error
      ctx.say({ type: 'progress', text: 'another vagrant is at work on the machine: waiting for it to end' })
    }
  }
}

/** A Vagrantfile that says no more than which machine there is. */
async function writeBare({ VmName, Provider }: State, { own, vagrantfile }: Places): Promise<void> {
  await mkdir(own, { recursive: true, mode: 0o700 })
  const block =
    Provider === 'docker' ? 'config.vm.provider("docker") { |v| v.image = "none" }' : 'config.vm.box = "none/none"'
  const text = `Vagrant.configure("2") do |config|\n  config.vm.define ${rubyString(VmName)}\n  ${block}\nend\n`
  await writeFile(vagrantfile, text, { mode: 0o600 })
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
