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

/** All names of a flag: its own first, then those of forks. */
export function flagNames(driver: Pick<AnyDriver, 'name'>, key: string, spec: FlagSpec): readonly string[] {
  return [flagName(driver, key, spec), ...(spec.aliases ?? [])]
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
  for (const [key, spec] of specsOf(driver)) {
    const names = flagNames(driver, key, spec)
    const value = given(spec, names, typed, env) ?? spec.default
    if (value === undefined && spec.required)
      throw new UsageError(`driver ${driver.name} requires --${names[0]}`, spec.env ? [`or set ${spec.env}`] : [])
    if (value !== undefined && !spec.secret) config[key] = convert(spec, names[0] as string, value)
  }
  return config as Config
}

/** What was typed for the driver's secret flags, by the variables that would have held it, and the flags' names. */
export function typedSecrets(driver: AnyDriver, typed: Values): { env: Record<string, string>; flags: string[] } {
  const found = { env: {} as Record<string, string>, flags: [] as string[] }
  for (const [key, spec] of specsOf(driver)) {
    const value = spec.secret ? typedValue(spec, flagNames(driver, key, spec), typed) : undefined
    if (value === undefined || value === '' || !spec.env) continue
    found.env[spec.env] = String(value)
    found.flags.push(`--${flagName(driver, key, spec)}`)
  }
  return found
}

/** A driver's flags with their keys. */
export function specsOf(driver: AnyDriver): [string, FlagSpec][] {
  return Object.entries(driver.flags as Record<string, FlagSpec>)
}

function refuseOthers(driver: AnyDriver, typed: Values, drivers: readonly AnyDriver[]): void {
  for (const other of drivers.filter(d => d.name !== driver.name))
    for (const [key, spec] of specsOf(other)) {
      const name = flagNames(other, key, spec).find(n => typed[n] !== undefined)
      if (name !== undefined)
        throw new UsageError(
          `--${name} is a flag of driver ${other.name}, and this machine's driver is ${driver.name}`,
          [`use -d ${other.name}, or leave --${name} out`],
        )
    }
}

function given(spec: FlagSpec, names: readonly string[], typed: Values, env: Env): unknown {
  const value = typedValue(spec, names, typed)
  if (spec.type !== 'list') return value ?? fromEnv(spec, env)
  const both = [...((fromEnv(spec, env) as string[] | undefined) ?? []), ...((value as string[] | undefined) ?? [])]
  return both.length > 0 || value !== undefined ? both : undefined
}

/** The one value typed under any of the names; a list's add up, two different values are refused. */
export function typedValue(spec: FlagSpec, names: readonly string[], typed: Values): unknown {
  const used = names.filter(name => typed[name] !== undefined)
  const [first, ...others] = used
  if (first === undefined) return undefined
  if (spec.type === 'list') return used.flatMap(name => typed[name] as string[])
  const other = others.find(name => String(typed[name]) !== String(typed[first]))
  if (other === undefined) return typed[first]
  const said = (name: string) => (spec.secret ? `--${name}` : `--${name} ${typed[name]}`)
  throw new UsageError(`${said(first)} and ${said(other)} are one setting with two values`, ['leave one out'])
}

function fromEnv(spec: FlagSpec, env: Env): unknown {
  const text = [spec.env, ...(spec.envAliases ?? [])].map(name => (name ? env[name] : undefined)).find(Boolean)
  if (text === undefined) return undefined
  if (spec.type === 'list') return parseList(text)
  if (spec.type === 'bool') return parseBool(text) // what is neither counts for nothing, as in Docker Machine
  return text
}

/** A value as the flag's type has it. Throws UsageError for one that is not. */
export function convert(spec: FlagSpec, name: string, value: unknown): unknown {
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
  const twin = specsOf(driver).find(([, s]) => s.sameAs === 'engine-port')
  if (!twin) return shared
  const [key, spec] = twin
  const name = flagName(driver, key, spec)
  const own = typedValue(spec, flagNames(driver, key, spec), typed) ?? fromEnv(spec, env)
  const port = own === undefined ? undefined : (convert(spec, name, own) as number)
  if (shared !== undefined && port !== undefined && shared !== port)
    throw new UsageError(`--engine-port ${shared} and --${name} ${port} are one setting with two values`, [
      'leave one out',
    ])
  return shared ?? port
}
