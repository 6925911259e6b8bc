/**
 * The engine's configuration as it should be, from the facts and what is asked: pure. Each setting stands in one place,
 * because dockerd refuses to start when a key is both in daemon.json and on its command line: where somebody put it
 * first, else in daemon.json; listeners and TLS on the command line where systemd's unit has a listener there already.
 */
import { MachineError } from '../src/errors.ts'
import type { EngineAsk } from './ask.ts'
import { type CommandLine, keysOn, lineWithout, readLine, valuesOf } from './command-line.ts'
import { optionOf } from './daemon-options.ts'
import { add, type Setting, type Settings, settingOf, settingsOf } from './engine-options.ts'
import type { Facts } from './facts.ts'
import { isObject, type JsonObject, type Managed } from './managed.ts'
import { portOf, withOurs, withoutOurs } from './merge.ts'
import { withoutBlock } from './shell-service.ts'
import { foreignExecStart } from './systemd/unit.ts'

export const CERTS = {
  ca: '/etc/docker/ca.pem',
  cert: '/etc/docker/server.pem',
  key: '/etc/docker/server-key.pem',
} as const
const SOCKET = 'unix:///var/run/docker.sock'

export interface EngineConfig {
  readonly config: JsonObject
  readonly managed: Managed
  /** The command line without what has to go, in systemd's quoting; '' outside systemd. */
  readonly theirLine: string
  /** Our words behind it. */
  readonly ourWords: readonly string[]
}

/** Throws DAEMON_JSON_INVALID, ENGINE_NO_SERVICE, LIVE_RESTORE_SWARM, and UsageError for impossible options. */
export function engineConfig(facts: Facts, ask: EngineAsk): EngineConfig {
  const line = readLine(theirText(facts), [...facts.service.envFiles.values()].map(withoutBlock))
  const foreign = withoutOurs(parseConfig(facts), facts.managed?.keys ?? {})
  const fresh = facts.managed?.fresh ?? isFresh(facts)
  const asked = settingsOf(ask)
  const place = { foreign, line }
  const defaults = withDefaults(asked, facts, ask, { fresh, ...place })
  const settings = ask.agent ? offThePort(defaults, { ask, ...place }) : withListeners(defaults, { ask, ...place })

  const onLine = keysOn(line)
  const listening = new Set(['hosts', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'])
  const inFile = (key: string) =>
    Object.hasOwn(foreign, key) || (!onLine.has(key) && !(listening.has(key) && facts.init === 'systemd'))
  const all = [...settings.byKey.values()]
  const wanted = Object.fromEntries(
    all.filter(({ key }) => inFile(key)).map(({ key, kind, ours }) => [key, { kind, ours }]),
  )
  const { config, keys } = withOurs(foreign, wanted)

  const rest = all.filter(({ key }) => !inFile(key))
  const scalars = new Set(rest.filter(({ kind }) => kind === 'scalar').map(({ key }) => key))
  const drop = (key: string, value: string) =>
    Object.hasOwn(config, key) || scalars.has(key) || (key === 'hosts' && portOf(value) === String(ask.port))
  return {
    config,
    managed: { version: 1, fresh, keys },
    theirLine: lineWithout(line, drop),
    ourWords: [...rest.flatMap(({ words }) => words), ...asked.lineOnly],
  }
}

/** The command line without us: systemd's ExecStart, elsewhere what DOCKER_OPTS adds to the service's own. */
function theirText(facts: Facts): string {
  if (facts.init !== 'systemd') return '$DOCKER_OPTS'
  const line = foreignExecStart(facts.service.unit)
  if (line !== undefined) return line
  throw new MachineError('ENGINE_NO_SERVICE', 'there is a dockerd, but no docker.service that starts it', {
    hints: ['install the engine from packages (a snap or a static binary brings no docker.service)'],
  })
}

function parseConfig(facts: Facts): JsonObject {
  if (!facts.config?.trim()) return {}
  try {
    const value = JSON.parse(facts.config)
    if (isObject(value)) return value
  } catch (cause) {
    throw new MachineError('DAEMON_JSON_INVALID', `${facts.configPath} on the host is not valid JSON`, {
      cause,
      hints: [`repair it first: machine ssh NAME sudo cat ${facts.configPath}`],
    })
  }
  throw new MachineError('DAEMON_JSON_INVALID', `${facts.configPath} on the host does not hold a JSON object`)
}

/** New and empty: nobody's containers, volumes or settings are there to be surprised. */
function isFresh(facts: Facts): boolean {
  return facts.containers === 0 && facts.volumes === 0 && !facts.swarm && facts.config === undefined
}

interface Place {
  readonly foreign: JsonObject
  readonly line: CommandLine
}

function withDefaults(asked: Settings, facts: Facts, ask: EngineAsk, at: Place & { fresh: boolean }): Settings {
  const byKey = new Map(asked.byKey)
  const set = (flag: string, value: string) => {
    const option = optionOf(flag)
    if (option) add(byKey, settingOf(option, value))
  }
  const free = (key: string) => !byKey.has(key) && !Object.hasOwn(at.foreign, key) && !keysOn(at.line).has(key)
  if (ask.liveRestore && facts.swarm) {
    throw new MachineError(
      'LIVE_RESTORE_SWARM',
      'live-restore cannot be combined with swarm mode, and this host is in a swarm',
    )
  }
  if (ask.liveRestore !== undefined) set('live-restore', String(ask.liveRestore))
  else if (at.fresh && !facts.swarm && free('live-restore')) set('live-restore', 'true')
  if ((ask.logRotation ?? at.fresh) && free('log-driver') && free('log-opts')) {
    set('log-driver', 'json-file')
    set('log-opt', 'max-size=10m')
    set('log-opt', 'max-file=3')
  }
  return { ...asked, byKey }
}

/** The agent has the port: of the listeners that are there only one on it goes, and the engine keeps its socket. */
function offThePort(settings: Settings, { ask, foreign, line }: Place & { ask: EngineAsk }): Settings {
  const byKey = new Map(settings.byKey)
  const inFile = Array.isArray(foreign.hosts) ? foreign.hosts.map(String) : undefined
  const theirs = inFile ?? valuesOf(line, 'hosts')
  const left = theirs.filter(host => portOf(host) !== String(ask.port))
  // Without any it opens its socket by itself.
  const socket = left.length === 0 || left.some(host => /^(fd|unix):/.test(host)) ? [] : [SOCKET]
  if (inFile && left.length < theirs.length) {
    byKey.set('hosts', {
      key: 'hosts',
      kind: 'scalar',
      ours: left.length > 0 ? [...socket, ...left] : [SOCKET],
      words: [],
    })
  } else if (socket.length > 0) {
    add(byKey, { key: 'hosts', kind: 'list', ours: socket, words: [`--host=${SOCKET}`] } satisfies Setting)
  }
  return { ...settings, byKey }
}

function withListeners(settings: Settings, at: Place & { ask: EngineAsk }): Settings {
  const byKey = new Map(settings.byKey)
  const onLine = valuesOf(at.line, 'hosts')
  const theirs = Array.isArray(at.foreign.hosts) ? at.foreign.hosts.map(String) : onLine
  const ours = [`tcp://0.0.0.0:${at.ask.port}`]
  // Once a listener is named, dockerd no longer opens its socket by itself; without it nothing on the host could use it.
  if (!theirs.some(host => /^(fd|unix):/.test(host))) ours.unshift(onLine.includes('fd://') ? 'fd://' : SOCKET)
  const words = ours.map(host => `--host=${host}`)
  add(byKey, { key: 'hosts', kind: 'list', ours, words } satisfies Setting)
  byKey.set('tlsverify', { key: 'tlsverify', kind: 'scalar', ours: true, words: ['--tlsverify'] })
  for (const [key, path] of [
    ['tlscacert', CERTS.ca],
    ['tlscert', CERTS.cert],
    ['tlskey', CERTS.key],
  ] as const) {
    byKey.set(key, { key, kind: 'scalar', ours: path, words: [`--${key}=${path}`] })
  }
  return { ...settings, byKey }
}
