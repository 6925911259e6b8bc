/** Whether containers outlive a restart of the engine, from the facts of a host: what is said before one. */
import { keysOn, readLine, valuesOf } from './command-line.ts'
import type { EngineFiles } from './engine-files.ts'
import type { Facts } from './facts.ts'
import { type JsonObject, MANAGED_PATH, type ManagedKey, renderManaged } from './managed.ts'
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

function configOf({ config }: Facts): JsonObject {
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

/** Whether live-restore can be switched on for a while: by daemon.json, with a reload, on an engine that runs as it is set. */
export function keepsContainers(facts: Facts): boolean {
  if (facts.swarm || facts.stale || facts.service.needsReload || !facts.service.active) return false
  const texts = [execStartOf(facts.service.unit) ?? '', ...facts.service.envFiles.values()]
  return texts.every(text => !text.includes('--live-restore'))
}

/** daemon.json as it stands, and with live-restore: ours for now, so that what stood there comes back. */
export function withLiveRestore(facts: Facts): Pick<EngineFiles, 'files' | 'differing' | 'defaults' | 'ourWords'> {
  const config = configOf(facts)
  const before = facts.managed ?? { version: 1, fresh: false, keys: {} }
  const theirs = config['live-restore'] === undefined ? {} : { hidden: config['live-restore'] }
  const ours: ManagedKey = { kind: 'scalar', ...theirs, ...before.keys['live-restore'], ours: true }
  const managed = { ...before, keys: { ...before.keys, 'live-restore': ours } }
  const text = `${JSON.stringify({ ...config, 'live-restore': true }, null, 2)}\n`
  const files = [
    { path: facts.configPath, text, mode: 0o644 },
    { path: MANAGED_PATH, text: renderManaged(managed), mode: 0o644 },
  ]
  return { files, differing: files, defaults: [], ourWords: [] }
}
