/** A machine as a program asks for it, and the same in the words of the library. */
import type { AnyDriver, FlagSpec } from '../../../drivers/driver.ts'
import { flagName, typedSecrets } from '../../driver-config.ts'
import type { EngineSettings } from '../../machine/engine-settings.ts'
import type { Json } from './crud.ts'
import { isAbsent, objectOf } from './values.ts'

/** Lists that are `key=value` words are objects here: a label is asked for once. */
export interface EngineInputs extends Omit<EngineSettings, 'labels' | 'env' | 'opts' | 'agentMirror'> {
  /** dockerd options without their dashes; those that may be repeated have a list. */
  opts?: Record<string, string | number | boolean | string[]>
  labels?: Record<string, string>
  /** Environment of the engine. */
  env?: Record<string, string>
}

/** Durations as Go writes them: '90s', '1h30m'. */
export interface Timeouts {
  create?: string
  update?: string
  delete?: string
}

/** Checked inputs; beside them stands, under its driver's name, what the driver is to know. */
export interface MachineInputs {
  /** The resource's URN as the program has it now. */
  resource: string
  /** Name of the folder its working files lie in; tags at clouds derive from it. */
  home: string
  driver: string
  name: string
  /** The name was made here: a machine that takes this one's place gets another. */
  autoName?: boolean
  engine?: EngineInputs
  enginePort?: number
  tlsSans?: string[]
  labels?: Record<string, string>
  /** A CA for it; absent: it gets one of its own. */
  authority?: { caCert: string; caKey: string }
  /** Text of the key to log in with, for drivers whose hosts somebody else made. */
  privateKey?: string
  /** The machine lies in the user's own store, for `machine ls`. */
  store?: boolean
  timeouts?: Timeouts
}

export const ENGINE_KEYS = [
  'installUrl',
  'version',
  'mirror',
  'opts',
  'labels',
  'env',
  'insecureRegistries',
  'registryMirrors',
  'storageDriver',
  'liveRestore',
  'logRotation',
  'agent',
  'agentRegistry',
  'agentOperatorMounts',
] as const satisfies readonly (keyof EngineInputs)[]

/** Members of a machine's inputs that are no driver's settings. */
export const OWN_KEYS = [
  'resource',
  'home',
  'driver',
  'name',
  'engine',
  'enginePort',
  'tlsSans',
  'labels',
  'authority',
  'privateKey',
  'store',
  'timeouts',
] as const satisfies readonly (keyof MachineInputs)[]

export function toEngineSettings(engine: EngineInputs): EngineSettings {
  const { opts, labels, env, ...others } = engine
  const given = Object.entries(others).filter(([, value]) => !isAbsent(value))
  return {
    ...Object.fromEntries(given),
    ...(opts ? { opts: Object.entries(opts).flatMap(([key, value]) => [value].flat().map(v => `${key}=${v}`)) } : {}),
    ...(labels ? { labels: words(labels) } : {}),
    ...(env ? { env: words(env) } : {}),
  }
}

/** `key=value` each. */
export function words(pairs: Readonly<Record<string, string>>): string[] {
  return Object.entries(pairs).map(([key, value]) => `${key}=${value}`)
}

export function specsOf(driver: AnyDriver): [string, FlagSpec][] {
  return Object.entries(driver.flags as Record<string, FlagSpec>)
}

/** The driver's settings by the names of its flags, for readConfig; secrets are not among them. */
export function toFlags(driver: AnyDriver, inputs: Json): Record<string, string | number | boolean | string[]> {
  const settings = objectOf(inputs[driver.name])
  const there = specsOf(driver).filter(([key, spec]) => !spec.secret && !isAbsent(settings[key]))
  return Object.fromEntries(there.map(([key, spec]) => [flagName(driver, key, spec), settings[key] as string]))
}

/** The driver's secrets as it finds them: in its environment. */
export function secretEnv(driver: AnyDriver, inputs: Json): Record<string, string> {
  const settings = objectOf(inputs[driver.name])
  const secrets = specsOf(driver).filter(([key, spec]) => spec.secret && !isAbsent(settings[key]))
  const typed = Object.fromEntries(secrets.map(([key, spec]) => [flagName(driver, key, spec), settings[key]]))
  return typedSecrets(driver, typed).env
}
