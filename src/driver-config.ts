/** A driver's settings out of flags, environment and defaults: shared by the command line, the library and programs. */
import type { AnyDriver, Config, FlagSpec } from '../drivers/driver.ts'
import { UsageError } from './errors.ts'
import { parseBool, parseInteger, parseList } from './flags/go-values.ts'

type Values = Readonly<Record<string, unknown>>
type Env = Readonly<Record<string, string | undefined>>

/** `instanceType` of amazonec2 → `amazonec2-instance-type`. */
export function flagName(driver: Pick<AnyDriver, 'name'>, key: string, spec: FlagSpec): string {
  return spec.flag ?? `${driver.name}-${key.replace(/[A-Z]/g, c => `-${c.toLowerCase()}`)}`
}

/**
 * The driver's settings from what was typed, its environment variables and its defaults, in this order; a list's variable
 * and what was typed add up, as for shared lists (Docker Machine forgot the variables of drivers' lists). Throws UsageError
 * for a flag of another driver, a value that is none of those allowed, a number that is no number; a missing required
 * flag is the driver's own text where it has one.
 */
export function readConfig(driver: AnyDriver, typed: Values, env: Env, drivers: readonly AnyDriver[]): Config {
  refuseOthers(driver, typed, drivers)
  const config: Record<string, unknown> = {}
  for (const [key, spec] of Object.entries(driver.flags as Record<string, FlagSpec>)) {
    const name = flagName(driver, key, spec)
    const value = given(spec, name, typed, env) ?? spec.default
    if (value === undefined && spec.required)
      throw new UsageError(`driver ${driver.name} requires --${name}`, spec.env ? [`or set ${spec.env}`] : [])
    if (value !== undefined) config[key] = convert(spec, name, value)
  }
  return config as Config
}

function refuseOthers(driver: AnyDriver, typed: Values, drivers: readonly AnyDriver[]): void {
  for (const other of drivers.filter(d => d.name !== driver.name))
    for (const [key, spec] of Object.entries(other.flags as Record<string, FlagSpec>)) {
      const name = flagName(other, key, spec)
      if (typed[name] !== undefined)
        throw new UsageError(
          `--${name} is a flag of driver ${other.name}, and this machine's driver is ${driver.name}`,
          [`use -d ${other.name}, or leave --${name} out`],
        )
    }
}

function given(spec: FlagSpec, name: string, typed: Values, env: Env): unknown {
  if (spec.type !== 'list') return typed[name] ?? fromEnv(spec, env)
  const both = [
    ...((fromEnv(spec, env) as string[] | undefined) ?? []),
    ...((typed[name] as string[] | undefined) ?? []),
  ]
  return both.length > 0 || typed[name] !== undefined ? both : undefined
}

function fromEnv(spec: FlagSpec, env: Env): unknown {
  const text = spec.env ? env[spec.env] : undefined
  if (text === undefined || text === '') return undefined
  if (spec.type === 'list') return parseList(text)
  if (spec.type === 'bool') return parseBool(text) // what is neither counts for nothing, as in Docker Machine
  return text
}

function convert(spec: FlagSpec, name: string, value: unknown): unknown {
  if (spec.type === 'int') {
    const text = String(value).trim()
    const number = parseInteger(text)
    if (number === undefined) throw new UsageError(`--${name} wants a whole number, not "${text}"`)
    return number
  }
  if (spec.options && !spec.options.includes(String(value)))
    throw new UsageError(`--${name} cannot be "${value}"`, [`use one of: ${spec.options.join(', ')}`])
  return value
}

/** The one engine port out of the shared flag and a driver's own flag for it; two different values are refused. */
export function enginePortOf(
  driver: AnyDriver,
  shared: number | undefined,
  typed: Values,
  env: Env,
): number | undefined {
  const twin = Object.entries(driver.flags as Record<string, FlagSpec>).find(([, s]) => s.sameAs === 'engine-port')
  if (!twin) return shared
  const [key, spec] = twin
  const name = flagName(driver, key, spec)
  const own = typed[name] ?? fromEnv(spec, env)
  const port = own === undefined ? undefined : (convert(spec, name, own) as number)
  if (shared !== undefined && port !== undefined && shared !== port)
    throw new UsageError(`--engine-port ${shared} and --${name} ${port} are one setting with two values`, [
      'leave one out',
    ])
  return shared ?? port
}
