/** Machines of a Vagrantfile that is there already. It is read by Vagrant alone, and never written. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MachineError } from '../../src/errors.ts'
import type { Ctx } from '../driver.ts'
import type { VagrantConfig } from './flags.ts'
import type { Line } from './output.ts'
import { placesOf } from './places.ts'
import { LOOK_MS, runVagrant } from './run.ts'

export interface ProjectVm {
  readonly name: string
  readonly provider: string
  /** The provider's word. */
  readonly state: string
}

/** Its folder, and where Vagrant keeps what it knows. */
export interface Project {
  readonly Project: string
  readonly ProjectDotfile: string
}

type Asking = Pick<Ctx, 'env' | 'signal' | 'say'>

/** The project in this folder. Throws VAGRANT_NO_FILE. */
export async function openProject(folder: string, { env }: Pick<Ctx, 'env'>): Promise<Project> {
  const dir = resolve(folder)
  const names = await readdir(dir).catch(() => [])
  // Vagrant would go on looking in the folders above: that is not the one that was named.
  if (!names.some(name => /^vagrantfile$/i.test(name)))
    throw new MachineError('VAGRANT_NO_FILE', `there is no Vagrantfile in ${dir}`, {
      hints: ['name the folder it is in'],
    })
  return { Project: dir, ProjectDotfile: env.VAGRANT_DOTFILE_PATH ? resolve(dir, env.VAGRANT_DOTFILE_PATH) : '' }
}

/** All machines its Vagrantfile defines. */
export async function projectVms(project: Project, ctx: Asking): Promise<ProjectVm[]> {
  const places = placesOf(project, { machineDir: project.Project })
  const ran = await runVagrant(['status'], places, {}, ctx, {
    doing: `look at the machines of ${project.Project}`,
    deadlineMs: LOOK_MS,
  })
  return vmsIn(ran.lines)
}

/** The machines out of what `vagrant status` printed. */
export function vmsIn(lines: readonly Line[]): ProjectVm[] {
  const names = [...new Set(lines.filter(line => line.type === 'state').map(line => line.target))]
  const of = (name: string, type: string) => lines.find(l => l.type === type && l.target === name)?.data[0] ?? ''
  return names.map(name => ({ name, provider: of(name, 'provider-name'), state: of(name, 'state') }))
}

/** The one that is meant, and made. Throws VAGRANT_WHICH with the names where that is not clear, VAGRANT_NOT_CREATED. */
export async function findProjectVm(
  config: Pick<VagrantConfig, 'project' | 'projectVm'>,
  ctx: Asking,
): Promise<Project & { vm: ProjectVm }> {
  const project = await openProject(config.project ?? '.', ctx)
  return { ...project, vm: whichVm(await projectVms(project, ctx), config.projectVm, project.Project) }
}

export function whichVm(vms: readonly ProjectVm[], asked: string | undefined, folder: string): ProjectVm {
  const all = vms.map(({ name, state }) => `${name} (${state.replaceAll('_', ' ')})`).join(', ')
  const vm = asked === undefined && vms.length === 1 ? vms[0] : vms.find(({ name }) => name === asked)
  if (!vm && asked === undefined)
    throw new MachineError('VAGRANT_WHICH', `the Vagrantfile in ${folder} has several machines: ${all}`, {
      hints: ['say which with --vagrant-project-vm'],
    })
  if (!vm)
    throw new MachineError('VAGRANT_WHICH', `the Vagrantfile in ${folder} has no machine "${asked}"`, {
      hints: [`it has ${all}`],
    })
  if (vm.state === 'not_created')
    throw new MachineError('VAGRANT_NOT_CREATED', `machine "${vm.name}" of ${folder} has not been made yet`, {
      hints: [`\`vagrant up ${vm.name}\` in that folder makes it`],
    })
  return vm
}
