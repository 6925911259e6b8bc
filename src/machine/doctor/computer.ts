/** What is looked at on this computer, in the order it is told. */
import type { World } from '../world.ts'
import { authorityCheck, clientCheck } from './certificates.ts'
import type { Check } from './check.ts'
import { diskChecks } from './disk-space.ts'
import { dockerEnvironment } from './docker-environment.ts'
import { driverChecks } from './drivers.ts'
import { keyFiles } from './key-files.ts'
import { locks } from './locks.ts'
import { node } from './node.ts'
import { store } from './store.ts'
import { toolChecks } from './tools.ts'

export function computerChecks(w: World): Check<World>[] {
  return [
    node,
    ...toolChecks,
    ...driverChecks(w.drivers),
    store,
    keyFiles,
    authorityCheck,
    clientCheck,
    locks,
    ...diskChecks(w),
    dockerEnvironment,
  ]
}
