/** Settings for tests, as the command line would make them. */
import type { Ec2Config } from '../../../../drivers/amazonec2/flags.ts'
import { amazonec2 } from '../../../../drivers/amazonec2/index.ts'
import { readConfig } from '../../../../src/driver-config.ts'

/** The settings of a command line with these flags of the driver, without `amazonec2-`, and these variables. */
export function configOf(typed: Record<string, unknown> = {}, env: Record<string, string> = {}): Ec2Config {
  const named = Object.fromEntries(Object.entries(typed).map(([name, value]) => [`amazonec2-${name}`, value]))
  return readConfig(amazonec2, named, env, []) as Ec2Config
}
