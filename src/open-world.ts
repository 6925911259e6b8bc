/** The world as the command line and the library see it. */
import { bareWorld, type WorldOptions } from './bare-world.ts'
import type { World } from './machine/world.ts'

export { Interrupted, type WorldOptions } from './bare-world.ts'

export function openWorld(o: WorldOptions): World {
  return { ...bareWorld(o), dial: async options => (await import('./ssh/dial.ts')).dial(options) }
}
