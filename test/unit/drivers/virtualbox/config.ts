/** Settings for tests, as the command line would make them. */
import type { VirtualBoxConfig } from '../../../../drivers/virtualbox/flags.ts'
import { virtualbox } from '../../../../drivers/virtualbox/index.ts'
import { readConfig } from '../../../../src/driver-config.ts'

/** The settings of a command line with these flags of the driver, without `virtualbox-`, and these variables. */
export function configOf(typed: Record<string, unknown> = {}, env: Record<string, string> = {}): VirtualBoxConfig {
  const named = Object.fromEntries(Object.entries(typed).map(([name, value]) => [`virtualbox-${name}`, value]))
  return readConfig(virtualbox, named, env, []) as VirtualBoxConfig
}
