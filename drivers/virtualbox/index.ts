/** A VM of VirtualBox on this computer, booted from a cloud image: as Docker Machine's driver, whose boot2docker is no more. */
import { defineDriver } from '../driver.ts'
import { imageFolder } from '../local/places.ts'
import { createVm } from './create.ts'
import { flags } from './flags.ts'
import { inspectVm } from './inspect.ts'
import { killVm, startVm, stopVm } from './power.ts'
import { preflight } from './preflight.ts'
import { findProgram, howToGet } from './program.ts'
import { removeVm } from './remove.ts'

export const virtualbox = defineDriver({
  name: 'virtualbox',
  summary: 'a VM of VirtualBox on this computer',
  flags,
  automatic: true,
  provisions: true,
  keys: 'ed25519',
  keepsSwarm: true,
  async usable({ env }) {
    const found = await findProgram(env)
    return found ? { usable: true, missing: [] } : { usable: false, missing: [`VBoxManage: ${howToGet()}`] }
  },
  folders: env => [env[flags.imageDir.env] || imageFolder(env)],
  preflight,
  create: createVm,
  inspect: inspectVm,
  remove: removeVm,
  power: { start: startVm, stop: stopVm, kill: killVm },
})
