/** The files that make the engine what is asked for, and how far the host's differ from them. Pure. */
import type { EngineAsk } from './ask.ts'
import { RELOADABLE } from './daemon-options.ts'
import type { Facts } from './facts.ts'
import { type JsonObject, MANAGED_PATH, renderManaged, sameJson } from './managed.ts'
import { type EngineConfig, engineConfig } from './settings.ts'
import { withBlock } from './shell-service.ts'
import { dropIn } from './systemd/unit.ts'
import { environmentLine, execWord } from './systemd/words.ts'

export interface HostFile {
  readonly path: string
  /** Absent: the file has to go. */
  readonly text?: string
  readonly mode: number
}

export interface EngineFiles {
  /** The whole set, daemon.json first if there is one. */
  readonly files: readonly HostFile[]
  /** Those the host has not, or has otherwise. */
  readonly differing: readonly HostFile[]
  /** SIGHUP is enough to put the difference into force. */
  readonly reloadable: boolean
  /** What is in force beside what was asked for, one sentence each. */
  readonly defaults: readonly string[]
  /** Our own words of the command line, for dockerd to judge beforehand. */
  readonly ourWords: readonly string[]
}

/** @throws what engineConfig throws; the wish has passed checkAsk */
export function engineFiles(facts: Facts, ask: EngineAsk): EngineFiles {
  const wanted = engineConfig(facts, ask)
  const before = parsed(facts.config)
  const differing: HostFile[] = []
  const files: HostFile[] = []
  const put = (file: HostFile, same: boolean) => {
    files.push(file)
    if (!same) differing.push(file)
  }
  if (Object.keys(wanted.config).length > 0 || facts.config !== undefined) {
    const text = `${JSON.stringify(wanted.config, null, 2)}\n`
    put({ path: facts.configPath, text, mode: 0o644 }, facts.config !== undefined && sameJson(before, wanted.config))
  }
  const service = facts.init === 'systemd' ? systemdFiles(facts, ask, wanted) : [shellFile(facts, ask, wanted)]
  for (const { file, same } of service) put(file, same)
  const inForce = differing.every(file => file.path === facts.configPath) && canReload(before, wanted.config)
  const record = { path: MANAGED_PATH, text: renderManaged(wanted.managed), mode: 0o644 }
  put(record, facts.managed !== undefined && sameJson(facts.managed, wanted.managed))
  return {
    files,
    differing,
    reloadable: inForce && !facts.stale,
    defaults: defaultsOf(wanted, ask),
    ourWords: wanted.ourWords,
  }
}

type Compared = { file: HostFile; same: boolean }

/**
 * The engine's environment under systemd. Proxies in it may hold passwords, and what stands in the unit itself everybody
 * on the host may ask for (`systemctl show`), whatever the mode of the drop-in; what a file holds only root reads.
 */
const ENVIRONMENT = '/etc/docker/machine.env'

function systemdFiles(facts: Facts, ask: EngineAsk, wanted: EngineConfig): Compared[] {
  const at = dropIn(facts.service.unit)
  const line = [wanted.theirLine, ...wanted.ourWords.map(execWord)].join(' ')
  const head = '# Rewritten by `machine provision`; put settings of your own into another file of this folder.'
  const reads = ask.env.length > 0 ? [`EnvironmentFile=${ENVIRONMENT}`] : []
  const text = [head, '[Service]', 'ExecStart=', `ExecStart=${line}`, ...reads, ''].join('\n')
  const file = { path: at.path, text, mode: 0o644 }
  const obsolete = at.obsolete === undefined ? [] : [{ file: { path: at.obsolete, mode: 0 }, same: false }]
  return [...environmentFile(facts, ask), ...obsolete, { file, same: at.now === text }]
}

function environmentFile(facts: Facts, { env }: EngineAsk): Compared[] {
  const now = facts.service.envFiles.get(ENVIRONMENT)
  if (env.length === 0) return now === undefined ? [] : [{ file: { path: ENVIRONMENT, mode: 0 }, same: false }]
  const text = env.map(assignment => `${environmentLine(assignment)}\n`).join('')
  return [{ file: { path: ENVIRONMENT, text, mode: 0o600 }, same: now === text }]
}

function shellFile(facts: Facts, ask: EngineAsk, wanted: EngineConfig): Compared {
  const evaluated = facts.init === 'openrc'
  const path = evaluated ? '/etc/conf.d/docker' : '/etc/default/docker'
  const now = facts.service.envFiles.get(path) ?? ''
  const text = withBlock(now, { theirLine: wanted.theirLine, words: wanted.ourWords, env: ask.env, evaluated })
  return { file: { path, text, mode: ask.env.length > 0 ? 0o600 : 0o644 }, same: now === text }
}

function canReload(before: JsonObject, after: JsonObject): boolean {
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    key => !sameJson(before[key], after[key]),
  )
  return changed.every(key => RELOADABLE.has(key) && Object.hasOwn(after, key))
}

function defaultsOf({ managed }: EngineConfig, ask: EngineAsk): string[] {
  const ours = (key: string) => Object.hasOwn(managed.keys, key)
  const says: string[] = []
  if (ask.liveRestore === undefined && managed.keys['live-restore']?.ours === true && managed.fresh) {
    says.push('live-restore is on: containers go on running while the engine restarts; turn it off to use swarm mode')
  }
  if (ask.logRotation === undefined && managed.fresh && ours('log-opts') && ours('log-driver')) {
    says.push('container logs are kept to 3 files of 10 MB each')
  }
  return says
}

function parsed(text: string | undefined): JsonObject {
  return text?.trim() ? (JSON.parse(text) as JsonObject) : {}
}
