import { mkdir, writeFile } from 'node:fs/promises'
import { MachineError } from '../../src/errors.ts'
import type { CreateCtx } from '../driver.ts'
import { dockerEnv } from './environment.ts'
import type { VagrantConfig } from './flags.ts'
import { placesOf } from './places.ts'
import { bringUp } from './power.ts'
import { findProjectVm } from './project.ts'
import { chooseProvider } from './provider.ts'
import { type Reached, reach } from './reach.ts'
import { readSettings } from './settings.ts'
import type { State } from './state.ts'
import { renderVagrantfile } from './vagrantfile.ts'

/** Makes a machine: Vagrantfile → up → the way to it; or takes over one of a project. */
export async function createVm(config: VagrantConfig, ctx: CreateCtx<State>): Promise<State> {
  const state = config.project === undefined ? await begin(config, ctx) : await beginProject(config, ctx)
  await bringUp(state, ctx)
  return await arrived(state, ctx)
}

const NOTHING: Omit<State, 'MachineName' | 'VmName' | 'Provider' | 'EnginePort' | 'DockerEnv'> = {
  IPAddress: '',
  SSHUser: '',
  SSHPort: 22,
  SSHKeyPath: '',
  ProviderName: '',
  Project: '',
  ProjectDotfile: '',
  ProjectDestroy: false,
  Disks: false,
}

async function begin(config: VagrantConfig, ctx: CreateCtx<State>): Promise<State> {
  const provider = await chooseProvider(config, ctx)
  const settings = await readSettings(config, provider, ctx)
  const state: State = {
    ...NOTHING,
    MachineName: ctx.name,
    VmName: settings.vmName,
    Provider: provider,
    ProviderName: settings.providerName,
    Disks: settings.diskMb !== undefined,
    EnginePort: ctx.enginePort,
    DockerEnv: dockerOf(provider, ctx),
  }
  await ctx.checkpoint(state)
  const places = placesOf(state, ctx)
  await mkdir(places.own, { recursive: true, mode: 0o700 })
  if (settings.fragment !== undefined) await writeFile(places.fragment, settings.fragment, { mode: 0o600 })
  await writeFile(places.vagrantfile, renderVagrantfile(settings), { mode: 0o600 })
  ctx.point('vagrantfile written')
  return state
}

async function beginProject(config: VagrantConfig, ctx: CreateCtx<State>): Promise<State> {
  const { vm, ...project } = await findProjectVm(config, ctx)
  const state: State = {
    ...NOTHING,
    ...project,
    MachineName: ctx.name,
    VmName: vm.name,
    Provider: vm.provider,
    ProjectDestroy: config.projectDestroy ?? false,
    EnginePort: ctx.enginePort,
    DockerEnv: dockerOf(vm.provider, ctx),
  }
  await ctx.checkpoint(state)
  return state
}

/** Which engine makes the containers is no setting of Vagrant's: it would be forgotten with the terminal. */
function dockerOf(provider: string, ctx: Pick<CreateCtx<State>, 'env'>): Record<string, string> {
  return provider === 'docker' ? dockerEnv(ctx.env) : {}
}

async function arrived(state: State, ctx: CreateCtx<State>): Promise<State> {
  const way: Reached | undefined = await reach(state, ctx)
  if (!way)
    throw new MachineError('VAGRANT_BOOT', `Vagrant brought "${state.VmName}" up, and it is not ready to log in to`, {
      hints: ['look at it with its provider: did it end again?'],
    })
  const whole = {
    ...state,
    IPAddress: way.address,
    SSHUser: way.user,
    SSHPort: way.port,
    SSHKeyPath: way.keyPath ?? '',
  }
  await ctx.checkpoint(whole)
  return whole
}
