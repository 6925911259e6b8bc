/** Settings of a driver that are to change on a machine that is there, out of typed flags. */
import type { AnyDriver, FlagSpec } from '../drivers/driver.ts'
import { convert, flagName, flagNames, specsOf, typedValue } from './driver-config.ts'
import { UsageError } from './errors.ts'
import { type Resized, type ResizeOptions, resizeMachine } from './machine/resize.ts'
import type { World } from './machine/world.ts'

type Values = Readonly<Record<string, unknown>>

/** `resizeMachine` by the names of flags: `{ 'amazonec2-instance-type': 't3.large' }`. */
export async function resizeByFlags(name: string, typed: Values, w: World, options?: ResizeOptions): Promise<Resized> {
  const ask = { wish: (driver: AnyDriver) => readChange(driver, typed, w.drivers), nameOf: flagOf }
  return await resizeMachine(name, ask, w, options)
}

/**
 * What was typed, by the keys of the driver's flags. Neither variables nor defaults count: only what is said changes.
 * Throws UsageError for a flag of another driver, one that cannot change, and where none was typed.
 */
export function readChange(driver: AnyDriver, typed: Values, drivers: readonly AnyDriver[]): Record<string, unknown> {
  const wish: Record<string, unknown> = {}
  const known = new Set<string>()
  for (const each of new Set([driver, ...drivers]))
    for (const [key, spec] of specsOf(each)) {
      const names = flagNames(each, key, spec)
      for (const name of names) known.add(name)
      const given = names.find(name => typed[name] !== undefined)
      if (given === undefined) continue
      if (each.name !== driver.name) throw foreign(given, each, driver)
      if (driver.resize?.settings[key] === undefined) throw fixed(given, driver)
      wish[key] = convert(spec, given, typedValue(spec, names, typed))
    }
  const unknown = Object.keys(typed).find(name => typed[name] !== undefined && !known.has(name))
  if (unknown !== undefined) throw new UsageError(`there is no flag --${unknown}`, changeable(driver))
  if (Object.keys(wish).length === 0) throw new UsageError('no setting to change was named', changeable(driver))
  return wish
}

/** Of all values typed on a command line, those of drivers' flags. */
export function driverValues(typed: Values, drivers: readonly AnyDriver[]): Record<string, unknown> {
  const names = drivers.flatMap(driver => specsOf(driver).flatMap(([key, spec]) => flagNames(driver, key, spec)))
  return Object.fromEntries(names.flatMap(name => (typed[name] === undefined ? [] : [[name, typed[name]]])))
}

/** The flag that a setting is typed with. */
export function flagOf(driver: AnyDriver, key: string): string {
  return flagName(driver, key, driver.flags[key] as FlagSpec)
}

function foreign(name: string, other: AnyDriver, driver: AnyDriver): UsageError {
  return new UsageError(
    `--${name} is a flag of driver ${other.name}, and this machine's driver is ${driver.name}`,
    changeable(driver),
  )
}

function fixed(name: string, driver: AnyDriver): UsageError {
  return new UsageError(`--${name} holds for a machine from its create on and cannot be changed`, changeable(driver))
}

function changeable(driver: AnyDriver): string[] {
  const flags = Object.keys(driver.resize?.settings ?? {}).map(key => `--${flagOf(driver, key)}`)
  return flags.length === 0
    ? [`driver ${driver.name} changes no setting of a machine that is there: make another machine`]
    : [`driver ${driver.name} changes ${flags.join(', ')}; for anything else make another machine`]
}
