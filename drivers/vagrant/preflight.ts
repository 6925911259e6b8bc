import { arch } from 'node:process'
import { MachineError, UsageError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import { dockerEnv } from './environment.ts'
import type { VagrantConfig } from './flags.ts'
import { findProjectVm } from './project.ts'
import { chooseProvider, withScratch } from './provider.ts'
import { LOOK_MS, runVagrant } from './run.ts'
import { readAsked, readSettings } from './settings.ts'
import { renderVagrantfile } from './vagrantfile.ts'
import { readVersion } from './version.ts'

/** Read-only: Vagrant, its provider, and whether it takes the Vagrantfile that will be written. */
export async function preflight(config: VagrantConfig, ctx: Ctx): Promise<void> {
  const version = await readVersion(ctx)
  if (config.project !== undefined) {
    refuseForProject(config)
    await findProjectVm(config, ctx)
    return
  }
  for (const [flag, value] of [
    ['--vagrant-project-vm', config.projectVm],
    ['--vagrant-project-destroy', config.projectDestroy],
  ] as const)
    if (value) throw new UsageError(`${flag} goes with --vagrant-project`, ['name the folder of the Vagrantfile'])
  await readAsked(config) // before Vagrant is asked, which takes seconds
  const provider = await chooseProvider(config, ctx)
  const settings = await readSettings(config, provider, ctx)
  if (arch === 'arm64' && !config.box && !version.atLeast(2, 4))
    throw new MachineError('VAGRANT_OLD', `Vagrant ${version.text} does not look which processor a box is made for`, {
      hints: ['update Vagrant to 2.4, or name a box that is made for ARM with --vagrant-box'],
    })
  const files = { Vagrantfile: renderVagrantfile(settings), 'fragment.rb': settings.fragment ?? '' }
  const state = { Provider: provider, Disks: settings.diskMb !== undefined, DockerEnv: dockerEnv(ctx.env) }
  await withScratch(files, places =>
    runVagrant(['validate'], places, state, ctx, { doing: 'read the Vagrantfile', deadlineMs: LOOK_MS }),
  )
}

/** What a Vagrantfile of somebody else's says is not ours to say. */
function refuseForProject(config: VagrantConfig): void {
  const { project: _project, projectVm: _vm, projectDestroy: _destroy, ...others } = config
  const [key] =
    Object.entries(others).find(([, v]) => v !== undefined && v !== '' && !(Array.isArray(v) && v.length === 0)) ?? []
  if (key === undefined) return
  const flag = `--vagrant-${key.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`
  throw new UsageError(`${flag} and --vagrant-project exclude each other`, [
    "the project's own Vagrantfile says what its machines are like, and is left as it is",
  ])
}
