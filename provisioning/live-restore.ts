/** Whether containers outlive a restart of the engine, from the facts of a host: what is said before one. */
import { keysOn, readLine, valuesOf } from './command-line.ts'
import type { Facts } from './facts.ts'
import { execStartOf } from './systemd/unit.ts'

/** Whether the engine runs with live-restore; one in a swarm cannot. */
export function liveRestoreOn(facts: Facts): boolean {
  if (facts.swarm || facts.stale) return false
  if (configOf(facts)['live-restore'] === true) return true
  const line = readLine(execStartOf(facts.service.unit) ?? '', facts.service.envFiles.values())
  if (keysOn(line).has('live-restore')) return !valuesOf(line, 'live-restore').includes('false')
  // Other inits keep the engine's words in a file of shell variables.
  const texts = facts.init === 'systemd' ? [] : [...facts.service.envFiles.values()]
  return texts.some(text => /^[^#\n]*--live-restore(=true)?(?=["'\s]|$)/m.test(text))
}

function configOf({ config }: Facts): Record<string, unknown> {
  try {
    return JSON.parse(config ?? '{}')
  } catch {
    return {} // a file dockerd cannot read either: the plan says what is wrong with it
  }
}

/** What is said before the engine of a host restarts; undefined where no container can notice. */
export function restartWarning(facts: Facts, machine: string): string | undefined {
  if (facts.containers === 0 || !facts.service.active || liveRestoreOn(facts)) return undefined
  return `live-restore is off: the running containers of ${machine} stop while its engine restarts, and only those with a restart policy come back`
}
