/**
 * Keys of a provider, typed as flags: the driver finds them in its environment, as if the variables had been set, for as
 * long as this world lasts. No other program that is started gets them, and nothing writes them down.
 */
import type { AnyDriver } from '../drivers/driver.ts'
import { typedSecrets } from './driver-config.ts'
import type { World } from './machine/world.ts'

/** The world in which the driver has what was typed for its secret flags; says so, for later commands will not. */
export function withSecrets(w: World, driver: AnyDriver, typed: Readonly<Record<string, unknown>>): World {
  const { env, flags } = typedSecrets(driver, typed)
  if (flags.length === 0) return w
  const variables = Object.keys(env)
  w.say({
    type: 'info',
    text:
      `What was given with ${listed(flags)} is kept nowhere: ` +
      `for later commands set ${listed(variables)}, or what else driver ${driver.name} takes instead`,
  })
  return { ...w, driverEnv: { ...w.env, ...env } }
}

function listed(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' and $1')
}
