/** A machine that Vagrant makes with whatever makes VMs here: VirtualBox, libvirt, VMware, Hyper-V, Parallels, QEMU, docker. */
import { basename } from 'node:path'
import { defineDriver } from '../driver.ts'
import { createVm } from './create.ts'
import { flags } from './flags.ts'
import { inspectVm } from './inspect.ts'
import { killVm, restartVm, startVm, stopVm } from './power.ts'
import { preflight } from './preflight.ts'
import { openProject, projectVms } from './project.ts'
import { removeVm } from './remove.ts'
import { isOnPath } from './tool.ts'
import { GET_VAGRANT } from './version.ts'

export const vagrant = defineDriver({
  name: 'vagrant',
  summary: 'a machine that Vagrant makes on this computer',
  flags,
  automatic: true,
  provisions: true,
  keys: 'own', // Vagrant puts one of its own into each machine
  async usable({ env }) {
    const there = await isOnPath('vagrant', env)
    return { usable: there, missing: there ? [] : [GET_VAGRANT] }
  },
  preflight,
  create: createVm,
  inspect: inspectVm,
  remove: removeVm,
  power: { start: startVm, stop: stopVm, kill: killVm, restart: restartVm },
  // What it is called in its Vagrantfile and by its provider stays as it was.
  renamed: (state, name) => ({ ...state, MachineName: name }),
  takesOver: {
    help: 'folder of a Vagrantfile whose machine is taken over',
    async find(folder, ctx) {
      const project = await openProject(folder, ctx)
      const vms = await projectVms(project, ctx)
      return vms.map(({ name, provider, state }) => ({
        name,
        detail: `${state.replaceAll('_', ' ')}, ${provider}`,
        ...(name === 'default' ? { called: basename(project.Project).replace(/[^a-zA-Z0-9.-]+/g, '-') } : {}),
      }))
    },
    config: (folder, name, { destroy }) => ({
      ...UNASKED,
      project: folder,
      projectVm: name,
      projectDestroy: destroy || undefined,
    }),
  },
})

const UNASKED = {
  box: undefined,
  boxVersion: undefined,
  boxUrl: undefined,
  provider: undefined,
  cpus: undefined,
  memory: undefined,
  diskSize: undefined,
  privateNetworkIp: undefined,
  syncedFolder: undefined,
  vagrantfile: undefined,
  sshUser: undefined,
}
