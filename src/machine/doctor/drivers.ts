import type { AnyDriver } from '../../../drivers/driver.ts'
import type { World } from '../world.ts'
import { type Check, ok, warning } from './check.ts'

/** A driver that lacks something is in the way of those who want it only. */
export function driverChecks(drivers: readonly AnyDriver[]): Check<World>[] {
  return drivers.map(driver => ({
    id: `driver-${driver.name}`,
    what: `driver ${driver.name}`,
    async look(w) {
      const { usable, missing } = await driver.usable({ env: w.env, signal: w.signal })
      return usable
        ? ok('usable')
        : warning('not usable here', ...missing.map(m => m.replace(/^[^:]*: (?=apt-get )/, '')))
    },
  }))
}
