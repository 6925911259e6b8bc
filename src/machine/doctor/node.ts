import type { World } from '../world.ts'
import { type Check, ok } from './check.ts'

/** Too old a Node does not come this far: bin/machine says so. */
export const node: Check<World> = {
  id: 'node',
  what: 'Node.js',
  look: async () => ok(`${process.version} (${process.execPath})`),
}
