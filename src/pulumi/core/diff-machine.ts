/** What a machine's new inputs mean for the one that is there. Pure, but for the clock. */
import { drivers } from '../../../drivers/index.ts'
import type { Around, Diff, Json } from './crud.ts'
import { settingsNeed } from './driver-settings.ts'
import { isDue } from './ends.ts'
import { differing, isAbsent, objectOf, same } from './values.ts'

/** Changed on the machine as it is. */
const IN_PLACE = ['engine', 'tlsSans', 'labels', 'authority', 'timeouts'] as const
/** For another one of these there has to be another machine. */
const REPLACING = ['driver', 'name', 'enginePort', 'store'] as const

/** @param olds the state: the inputs it was made from, and what came of it */
export function diffMachine(olds: Json, news: Json, around: Pick<Around, 'now'>): Diff {
  const changed = (key: string) => !same(olds[key], news[key])
  const driver = drivers.find(d => d.name === olds.driver)
  // The key is copied to where the machine's files are: another text of it is another login.
  const replaces: string[] = REPLACING.filter(changed)
  const updates: string[] = [...IN_PLACE, 'privateKey'].filter(changed)
  if (driver && olds.driver === news.driver) {
    const need = settingsNeed(driver, olds, news)
    if (need === 'replace') replaces.push(driver.name)
    else if (need === 'update') updates.push(driver.name)
  }
  const lent = driver?.keys === 'own' && olds.driver === news.driver
  const engine = differing(olds.engine, news.engine)
  if (engine.includes('installUrl')) replaces.push('engine')
  if (isUnsound(olds) || isDue(olds.due, around.now())) updates.push('state')
  return {
    changes: replaces.length > 0 || updates.length > 0,
    replaces,
    updates,
    // Two of one name cannot stand side by side, and a host that is lent, not made, is one and the same.
    deleteBeforeReplace: replaces.length > 0 && ((olds.name === news.name && news.autoName !== true) || lent),
  }
}

/** The last look found something to mend, or the machine was never finished. */
function isUnsound(olds: Json): boolean {
  const { phase, state, drift } = olds
  if (!isAbsent(phase) && phase !== 'ready') return true
  if (typeof state === 'string' && state !== 'Running') return true
  return Array.isArray(drift) ? drift.length > 0 : Object.keys(objectOf(drift)).length > 0
}
