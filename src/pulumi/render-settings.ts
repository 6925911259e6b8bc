/** Drivers' flag specs as TypeScript, so that an option is written once and an editor knows it. */
import type { AnyDriver, FlagSpec } from '../../drivers/driver.ts'

const HEAD = '/** Made by bin/settings.mts from the flag specs of the driver: change those. */'
const LINE = 120

export function renderSettings(driver: AnyDriver): string {
  const specs = Object.entries(driver.flags as Record<string, FlagSpec>)
  const members = specs.flatMap(([key, spec]) => [`  /** ${describe(spec)} */`, member(key, spec)])
  return [
    HEAD,
    "import type { Input } from '@pulumi/pulumi'",
    '',
    `/** Settings of driver ${driver.name}: ${driver.summary}. */`,
    `export interface ${typeName(driver)} {`,
    ...members,
    '}',
    '',
  ].join('\n')
}

export function renderIndex(drivers: readonly AnyDriver[]): string {
  const sorted = [...drivers].sort((a, b) => (a.name < b.name ? -1 : 1))
  return [
    '/** Made by bin/settings.mts from the list of drivers. */',
    ...sorted.map(driver => `import type { ${typeName(driver)} } from './${driver.name}.ts'`),
    '',
    'export interface DriverSettings {',
    ...drivers.map(driver => `  ${driver.name}: ${typeName(driver)}`),
    '}',
    '',
  ].join('\n')
}

function typeName(driver: AnyDriver): string {
  return `${driver.name[0]?.toUpperCase()}${driver.name.slice(1)}Settings`
}

function member(key: string, spec: FlagSpec): string {
  const line = `  ${key}?: Input<${typeOf(spec)}>`
  if (line.length <= LINE || !spec.options) return line
  return [`  ${key}?: Input<`, ...spec.options.map(option => `    | '${option}'`), '  >'].join('\n')
}

function typeOf({ type, options }: FlagSpec): string {
  if (options) return options.map(option => `'${option}'`).join(' | ')
  return { string: 'string', int: 'number', bool: 'boolean', list: 'Input<string>[]' }[type]
}

function describe(spec: FlagSpec): string {
  const fallback = Array.isArray(spec.default) ? spec.default.join(', ') : String(spec.default ?? '')
  const variables = [spec.env, ...(spec.envAliases ?? [])].filter(Boolean).join(' or ')
  const notes = [
    ...(variables ? [`env ${variables}`] : []),
    ...(fallback ? [`default ${fallback}`] : []),
    ...(spec.required ? ['needed'] : []),
  ]
  const text = notes.length === 0 ? spec.help : `${spec.help} (${notes.join(', ')})`
  return text.replaceAll('*/', '* /')
}
