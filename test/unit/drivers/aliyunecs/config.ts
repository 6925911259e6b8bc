/** Settings for tests, as the command line would make them. */
import type { EcsConfig } from '../../../../drivers/aliyunecs/flags.ts'
import { aliyunecs } from '../../../../drivers/aliyunecs/index.ts'
import { readConfig } from '../../../../src/driver-config.ts'

/** The settings of a command line with these flags of the driver, without `aliyunecs-`, and these variables. */
export function configOf(typed: Record<string, unknown> = {}, env: Record<string, string> = {}): EcsConfig {
  const named = Object.fromEntries(Object.entries(typed).map(([name, value]) => [`aliyunecs-${name}`, value]))
  return readConfig(aliyunecs, named, env, []) as EcsConfig
}
