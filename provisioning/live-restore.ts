/** Whether containers outlive a restart of the engine, from the facts of a host: what is said before one. */
import type { Facts } from './facts.ts'
import { isObject, type Json } from './managed.ts'

/** daemon.json or the command line has it on. */
export function liveRestoreOn(facts: Facts): boolean {
  try {
    const config: Json = JSON.parse(facts.config ?? '{}')
    if (isObject(config) && config['live-restore'] !== undefined) return config['live-restore'] === true
  } catch {
    // a file dockerd cannot read either: then the command line is all there is
  }
  const texts = [...facts.service.unit.map(file => file.text), ...facts.service.envFiles.values()]
  return texts.some(text => /^[^#\n]*--live-restore(=true)?(?=["'\s]|$)/m.test(text))
}

/** What is said before the engine of a host restarts; undefined where no container can notice. */
export function restartWarning(facts: Facts, machine: string): string | undefined {
  if (facts.containers === 0 || !facts.service.active || liveRestoreOn(facts)) return undefined
  return `live-restore is off: the running containers of ${machine} stop while its engine restarts, and only those with a restart policy come back`
}
