/** Settings of a driver that a program says otherwise than before: which of them the machine that is there can take. */
import type { AnyDriver } from '../../../drivers/driver.ts'
import { flagOf, resizeByFlags } from '../../driver-change.ts'
import type { Json } from './crud.ts'
import { specsOf } from './inputs.ts'
import type { Place } from './place.ts'
import { differing, isAbsent, objectOf } from './values.ts'

/** 'replace' where one of them holds from a machine's create on; undefined where none differs. Pure. */
export function settingsNeed(driver: AnyDriver, olds: Json, news: Json): 'update' | 'replace' | undefined {
  const changed = differing(olds[driver.name], news[driver.name])
  if (changed.length === 0) return undefined
  const secrets = new Set(specsOf(driver).flatMap(([key, spec]) => (spec.secret ? [key] : [])))
  const settings = objectOf(news[driver.name])
  return changed.every(key => secrets.has(key) || resizable(driver, key, settings[key])) ? 'update' : 'replace'
}

/** Asks the provider for those that differ; one that has them already is left alone. */
export async function resizeTo({ name, driver, w }: Place, olds: Json, news: Json): Promise<void> {
  const settings = objectOf(news[driver.name])
  const changed = differing(olds[driver.name], settings).filter(key => resizable(driver, key, settings[key]))
  if (changed.length === 0) return
  await resizeByFlags(name, Object.fromEntries(changed.map(key => [flagOf(driver, key), settings[key]])), w)
}

/** What is left out is the driver's to choose, and of several, with commas, one is taken at create: neither is known here. */
function resizable(driver: AnyDriver, key: string, wish: unknown): boolean {
  return driver.resize?.settings[key] !== undefined && !isAbsent(wish) && !String(wish).includes(',')
}
