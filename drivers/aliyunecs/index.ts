/** Alibaba Cloud ECS, as docker-machine-driver-aliyunecs had it, on the ECS of today. */
import { defineDriver } from '../driver.ts'
import { accessFlags } from './access-flags.ts'
import { createInstance } from './create.ts'
import { dataDiskOf } from './data-disk.ts'
import { engineDefaults } from './defaults.ts'
import { flags } from './flags.ts'
import { inspectInstance } from './inspect.ts'
import { updateLabels } from './labels.ts'
import { killInstance, restartInstance, startInstance, stopInstance } from './power.ts'
import { preflight } from './preflight.ts'
import { removeInstance } from './remove.ts'
import { resize } from './resize.ts'
import { findMarked, owns, removeMarked } from './sweep.ts'

export const aliyunecs = defineDriver({
  name: 'aliyunecs',
  summary: 'an Alibaba Cloud ECS instance',
  flags,
  automatic: false,
  provisions: true,
  keys: 'rsa', // ECS documents no other kind that core makes
  keepsSwarm: true,
  async usable() {
    return { usable: true, missing: [] } // credentials come from too many places to say without looking: preflight does
  },
  engineDefaults,
  preflight,
  create: createInstance,
  inspect: inspectInstance,
  remove: removeInstance,
  power: { start: startInstance, stop: stopInstance, kill: killInstance, restart: restartInstance },
  dataDisk: dataDiskOf,
  // The tags at Alibaba Cloud keep the first name: what belongs to whom is told by ids.
  renamed: (state, name) => ({ ...state, MachineName: name }),
  updateLabels,
  resize,
  sweep: { flags: accessFlags, find: findMarked, owns, remove: removeMarked },
})
