/** AWS EC2, as Docker Machine's driver of this name, on the EC2 of today. */
import { defineDriver } from '../driver.ts'
import { createInstance } from './create.ts'
import { flags } from './flags.ts'
import { accessFlags } from './flags-access.ts'
import { inspectInstance } from './inspect.ts'
import { updateLabels } from './labels.ts'
import { killInstance, restartInstance, startInstance, stopInstance } from './power.ts'
import { preflight } from './preflight.ts'
import { removeInstance } from './remove.ts'
import { resize } from './resize.ts'
import { taggedName } from './state.ts'
import { findMarked, owns, removeMarked } from './sweep.ts'

export const amazonec2 = defineDriver({
  name: 'amazonec2',
  summary: 'an EC2 instance',
  flags,
  automatic: false,
  provisions: true,
  keys: 'ed25519',
  keepsSwarm: true,
  async usable() {
    return { usable: true, missing: [] } // credentials come from too many places to say without looking: preflight does
  },
  preflight,
  create: createInstance,
  inspect: inspectInstance,
  remove: removeInstance,
  power: { start: startInstance, stop: stopInstance, kill: killInstance, restart: restartInstance },
  renamed: (state, name) => ({ ...state, MachineName: name, TaggedName: taggedName(state) }),
  updateLabels,
  resize,
  sweep: { flags: accessFlags, find: findMarked, owns, remove: removeMarked },
})
