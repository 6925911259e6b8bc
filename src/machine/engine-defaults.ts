/** What a driver knows its hosts need, where the person did not say otherwise: core asks any driver, and knows none. */
import type { AnyDriver, Config } from '../../drivers/driver.ts'
import type { EngineSettings } from './engine-settings.ts'
import type { World } from './world.ts'

/** The settings with the driver's defaults in the places of those that are absent. */
export async function withEngineDefaults(
  engine: EngineSettings | undefined,
  { driver, config }: { driver: AnyDriver; config: Config },
  w: Pick<World, 'env' | 'driverEnv'>,
): Promise<EngineSettings | undefined> {
  const defaults = await driver.engineDefaults?.(config, { env: w.driverEnv ?? w.env })
  if (!defaults) return engine
  // A script of somebody's own knows its sources itself.
  const placeMirror = engine?.installUrl === undefined && engine?.mirror === undefined ? defaults.mirror : undefined
  const agentMirror = engine?.agentRegistry === undefined ? defaults.agentRegistry : undefined
  return {
    ...(placeMirror === undefined ? {} : { placeMirror }),
    ...(agentMirror === undefined ? {} : { agentMirror }),
    ...engine,
  }
}
