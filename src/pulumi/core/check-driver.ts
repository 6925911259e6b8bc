/** A driver's settings held against its flag specs, so that its options are written once. */
import type { AnyDriver, FlagSpec } from '../../../drivers/driver.ts'
import { didYouMean } from '../../machine/nearest.ts'
import type { Around, Json } from './crud.ts'
import { specsOf } from './inputs.ts'
import { hasUnknown, isAbsent, objectOf } from './values.ts'

type Fail = (property: string, reason: string) => void

export function checkDriver(driver: AnyDriver, inputs: Json, env: Around['env'], fail: Fail): void {
  const its = inputs[driver.name]
  if (!isAbsent(its) && (typeof its !== 'object' || Array.isArray(its)) && !hasUnknown(its))
    fail(driver.name, 'is an object with settings of that driver')
  const settings = objectOf(its)
  const specs = new Map(specsOf(driver))
  for (const [key, value] of Object.entries(settings)) {
    const spec = specs.get(key)
    const property = `${driver.name}.${key}`
    if (!spec) fail(property, ['there is no such setting', ...didYouMean(key, [...specs.keys()])].join('; '))
    else if (!isAbsent(value) && !hasUnknown(value)) checkValue(property, spec, value, fail)
  }
  for (const [key, spec] of specs) {
    const variables = [spec.env, ...(spec.envAliases ?? [])].filter(name => name !== undefined)
    if (!spec.required || !isAbsent(settings[key]) || variables.some(name => env[name])) continue
    fail(`${driver.name}.${key}`, [`is needed: ${spec.help}`, ...variables.map(name => `or set ${name}`)].join('; '))
  }
  if (!isAbsent(inputs.privateKey) && !specs.has('sshKey'))
    fail(
      'privateKey',
      `driver ${driver.name} makes its own key: only a host that is there already is logged in to with yours`,
    )
  if (!isAbsent(inputs.privateKey) && !isAbsent(settings.sshKey))
    fail(`${driver.name}.sshKey`, 'privateKey says the same: leave one out')
}

function checkValue(property: string, spec: FlagSpec, value: unknown, fail: Fail): void {
  // Never the value of a secret: what is told here is printed.
  const shown = spec.secret ? 'what was given' : JSON.stringify(value)
  const kind = KINDS[spec.type]
  if (!kind.fits(value)) fail(property, `is ${kind.called}, not ${shown}`)
  else if (spec.options && !spec.options.includes(String(value)))
    fail(property, `cannot be ${shown}: it is one of ${spec.options.join(', ')}`)
}

const KINDS: Readonly<Record<FlagSpec['type'], { called: string; fits(value: unknown): boolean }>> = {
  int: { called: 'a whole number', fits: Number.isSafeInteger },
  bool: { called: 'true or false', fits: value => typeof value === 'boolean' },
  string: { called: 'a text', fits: value => typeof value === 'string' },
  list: {
    called: 'a list of texts',
    fits: value => Array.isArray(value) && value.every(item => typeof item === 'string'),
  },
}
