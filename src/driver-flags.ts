/**
 * The only bridge between drivers' flags (data) and oclif's. All built-in drivers' flags are known when a command line is
 * parsed, so that a flag of another driver is refused by name; help shows those of the driver named with -d alone.
 * Drivers from outside join the list handed in here once `-d` names them.
 */
import { Flags, type Interfaces } from '@oclif/core'
import type { AnyDriver, FlagSpec } from '../drivers/driver.ts'
import { flagNames, specsOf } from './driver-config.ts'

type OclifFlags = Interfaces.FlagInput
type Env = Readonly<Record<string, string | undefined>>

/** The driver a command line names, before it is parsed: `-d X`, `--driver X`, `--driver=X`, else MACHINE_DRIVER. */
export function driverNameOf(argv: readonly string[], env: Env): string | undefined {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  for (const [i, word] of words.entries()) {
    const joined = /^(?:--?driver=|-d=?)(.+)$/.exec(word)
    if (joined && word !== '-debug') return joined[1]
    if (/^(?:--?driver|-d)$/.test(word)) return words[i + 1]
  }
  return env.MACHINE_DRIVER || undefined
}

/** oclif flags of all `drivers`; those of others than `shown` are accepted by the parser but not in help. */
export function oclifFlags(drivers: readonly AnyDriver[], shown: string | undefined): OclifFlags {
  const flags: OclifFlags = {}
  for (const driver of drivers)
    for (const [key, spec] of Object.entries(driver.flags as Record<string, FlagSpec>)) {
      const common = {
        description: describe(spec),
        helpGroup: `${driver.name.toUpperCase()} (${driver.summary})`,
        hidden: driver.name !== shown,
      }
      // Each name is a flag of its own, so that readConfig sees two that contradict each other.
      for (const [i, name] of flagNames(driver, key, spec).entries())
        flags[name] = toOclif(spec, { ...common, hidden: common.hidden || i > 0 })
    }
  return flags
}

/**
 * oclif flags of all `drivers` for a machine that is there: help shows those that can be changed, the parser takes all, so
 * that the others are refused in words.
 */
export function changeFlags(drivers: readonly AnyDriver[]): OclifFlags {
  const flags = oclifFlags(drivers, undefined)
  for (const driver of drivers)
    for (const [key, spec] of specsOf(driver)) {
      const description = driver.resize?.settings[key]
      const [name = ''] = flagNames(driver, key, spec)
      if (description !== undefined) Object.assign(flags[name] as object, { description, hidden: false })
    }
  return flags
}

function toOclif(spec: FlagSpec, common: { description: string; helpGroup: string; hidden: boolean }) {
  // Defaults, variables and `required` are left to readConfig: it knows which driver is meant, oclif does not.
  if (spec.type === 'bool') return Flags.boolean({ ...common, allowNo: spec.default === true })
  if (spec.type === 'list') return Flags.string({ ...common, multiple: true, multipleNonGreedy: true })
  return Flags.string({ ...common, ...(spec.options ? { helpValue: `<${spec.options.join('|')}>` } : {}) })
}

function describe(spec: FlagSpec): string {
  const fallback = Array.isArray(spec.default) ? spec.default.join(',') : String(spec.default ?? '')
  const notes = [
    spec.env ? `env ${[spec.env, ...(spec.envAliases ?? [])].join(' or ')}` : '',
    fallback ? `default ${fallback}` : '',
    spec.required ? 'required' : '',
  ]
  const said = notes.filter(n => n !== '')
  return said.length === 0 ? spec.help : `${spec.help} (${said.join(', ')})`
}
