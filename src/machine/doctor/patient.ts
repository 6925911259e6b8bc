/** What is known of a machine while it is looked at. */
import type { Instance } from '../../../drivers/driver.ts'
import type { Facts } from '../../../provisioning/facts.ts'
import type { EngineVersion } from '../../engine/ping.ts'
import type { Host } from '../../ssh/host.ts'
import type { MachineRecord } from '../record.ts'
import type { World } from '../world.ts'

export interface Patient {
  readonly name: string
  readonly w: World
  /** What earlier checks found and later ones go on with. */
  readonly findings: Findings
}

/** Each is there once the check of its name is done and has not failed. */
export interface Findings {
  record?: MachineRecord
  instance?: Instance
  /** tcp://… of the engine. */
  url?: string
  host?: Host
  facts?: Facts
  engine?: EngineVersion
}

/** What a check that is in `needs` has found. */
export function found<K extends keyof Findings>(patient: Patient, key: K): NonNullable<Findings[K]> {
  const value = patient.findings[key]
  if (value === undefined || value === null) throw new Error(`the check that finds ${key} has not been made`)
  return value
}
