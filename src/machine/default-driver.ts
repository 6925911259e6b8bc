/** Which driver `create` takes when none is named, and what `machine drivers` tells. */
import type { AnyDriver, Usability } from '../../drivers/driver.ts'
import { EXIT, MachineError, UsageError } from '../errors.ts'
import { didYouMean } from './nearest.ts'
import type { World } from './world.ts'

export interface DriverRow extends Usability {
  readonly name: string
  readonly summary: string
  /** Taken by `create` when no driver is named. */
  readonly chosen: boolean
}

export async function driverRows(w: Pick<World, 'drivers' | 'env' | 'signal'>): Promise<DriverRow[]> {
  const seen = await Promise.all(w.drivers.map(d => d.usable({ env: w.env, signal: w.signal })))
  const first = w.drivers.findIndex((d, i) => d.automatic && seen[i]?.usable)
  return w.drivers.map((d, i) => ({
    name: d.name,
    summary: d.summary,
    usable: seen[i]?.usable ?? false,
    missing: seen[i]?.missing ?? [],
    chosen: i === first,
  }))
}

/** The driver called `name`; throws with the list of those there are. */
export function driverNamed(name: string, drivers: readonly AnyDriver[]): AnyDriver {
  const driver = drivers.find(d => d.name === name)
  if (driver) return driver
  const names = drivers.map(d => d.name)
  throw new UsageError(
    `Driver "${name}" not found. Do you have the plugin binary "docker-machine-driver-${name}" accessible in your PATH?`,
    [...didYouMean(name, names), `drivers of this version: ${names.join(', ')}`],
  )
}

/** The first driver that needs no options and is usable here; throws with what each lacks. */
export async function defaultDriver(w: Pick<World, 'drivers' | 'env' | 'signal' | 'program'>): Promise<AnyDriver> {
  const rows = await driverRows(w)
  const chosen = rows.find(r => r.chosen)
  if (chosen) return driverNamed(chosen.name, w.drivers)
  const lacking = rows.filter(r => !r.usable).map(r => `${r.name} is not usable: ${r.missing.join('; ')}`)
  throw new MachineError('NO_DRIVER', 'no driver was named and none is usable here without options', {
    hints: [...lacking, `name one with --driver; ${w.program} drivers lists them`],
    exit: EXIT.precreate,
  })
}
