/**
 * The wish that made a host what it is, read back from the host: pure. The inverse of settings.ts and engine-files.ts, for
 * hosts of another copy of this program, and of docker-machine, which said everything on the command line of its
 * 10-machine.conf. What somebody else put into daemon.json or another drop-in is theirs and is no part of it.
 */
import { type AgentConfig, HOST } from '../agent/protocol.ts'
import type { EngineAsk } from './ask.ts'
import { type CommandLine, readLine } from './command-line.ts'
import { optionOf } from './daemon-options.ts'
import type { Facts } from './facts.ts'
import { type FoundOption, optionsOf } from './found-options.ts'
import { isObject, type Json, sameJson } from './managed.ts'
import { portOf } from './merge.ts'
import { parseAssignments } from './os-release.ts'
import { execStartOf, foreignExecStart, isOurs } from './systemd/unit.ts'
import { splitWords } from './systemd/words.ts'

export type FoundAsk = Omit<
  EngineAsk,
  'port' | 'providerLabel' | 'agent' | 'installUrl' | 'version' | 'mirror' | 'placeMirror' | 'hostname'
>

export interface Found {
  readonly ask: FoundAsk
  /** Which program set the engine up; undefined: neither this one nor docker-machine. */
  readonly by: 'machine' | 'docker-machine' | undefined
  /** Value of the label `provider`. */
  readonly provider?: string
  /** TCP port with mutual TLS, if the engine is set to listen on one. */
  readonly port?: number
  /** The engine agent, where it is in front of the engine. */
  readonly agent?: { readonly id: string; readonly operatorMounts: readonly string[] }
}

/** Keys that say how the engine is reached: provisioning's own to set. */
const LISTENING = new Set(['hosts', 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'])
/** What settings.ts sets by itself on a new engine. */
const ROTATION = { 'max-size': '10m', 'max-file': '3' }

export function foundSettings(facts: Facts): Found {
  const unit = facts.service.unit
  const ours = unit.some(isOurs)
  const options = [...inFile(facts), ...onLine(facts)]
  const agent = agentFound(facts)
  const port = agent?.port ?? ports(facts)[0]
  const labels = valuesFor(options, 'labels')
  const provider = labels.find(label => label.startsWith('provider='))?.slice('provider='.length)
  const by = facts.managed ? 'machine' : ours ? 'docker-machine' : undefined
  return {
    by,
    ask: askOf(facts, options),
    ...(provider === undefined ? {} : { provider }),
    ...(port === undefined ? {} : { port }),
    ...(agent === undefined ? {} : { agent: { id: agent.id, operatorMounts: agent.operatorMounts } }),
  }
}

/** The agent's own configuration; undefined where there is none. */
function agentFound({ agent }: Facts) {
  try {
    const { id, ports, operatorMounts } = JSON.parse(agent.files.get(HOST.config) ?? '') as AgentConfig
    return { id, port: ports[0], operatorMounts }
  } catch {
    return undefined
  }
}

function askOf(facts: Facts, options: readonly FoundOption[]): FoundAsk {
  const known = new Set(['labels', 'insecure-registries', 'registry-mirrors', 'storage-driver', 'live-restore'])
  const rotation = rotates(facts)
  const opts = options
    .filter(({ key }) => !known.has(key) && !LISTENING.has(key))
    .filter(({ key }) => !(rotation && (key === 'log-opts' || key === 'log-driver')))
    .map(({ key, value }) => {
      const flag = optionOf(key)?.flag ?? key
      return value === undefined ? flag : `${flag}=${value}`
    })
  const storageDriver = valuesFor(options, 'storage-driver').at(-1)
  const liveRestore = options.findLast(({ key }) => key === 'live-restore')
  // On a new engine these are set unasked: that they are is then no wish.
  const fresh = facts.managed?.fresh === true
  const live = liveRestore && liveRestore.value !== 'false'
  return {
    opts,
    labels: valuesFor(options, 'labels').filter(label => !label.startsWith('provider=')),
    env: environment(facts),
    insecureRegistries: valuesFor(options, 'insecure-registries'),
    registryMirrors: valuesFor(options, 'registry-mirrors'),
    ...(storageDriver === undefined ? {} : { storageDriver }),
    ...(live === undefined || (live && fresh) ? {} : { liveRestore: live }),
    ...(rotation && !fresh ? { logRotation: true } : {}),
  }
}

function valuesFor(options: readonly FoundOption[], key: string): string[] {
  return options.flatMap(option => (option.key === key && option.value !== undefined ? [option.value] : []))
}

/** Our part of daemon.json, as the record beside it tells. */
function inFile({ managed }: Facts): FoundOption[] {
  return Object.entries(managed?.keys ?? {}).flatMap(([key, { ours }]) => optionsOf(key, ours))
}

function rotates({ managed }: Facts): boolean {
  const [driver, opts] = [managed?.keys['log-driver']?.ours, managed?.keys['log-opts']?.ours]
  return driver === 'json-file' && sameJson(opts, ROTATION)
}

/** What stands on the command line because of our drop-in or docker-machine's. */
function onLine(facts: Facts): FoundOption[] {
  const { unit, envFiles } = facts.service
  if (!unit.some(isOurs)) return []
  const read = (text: string | undefined) => flat(readLine(unescaped(text ?? ''), envFiles.values()))
  const theirs = read(foreignExecStart(unit)).map(option => JSON.stringify(option))
  return read(execStartOf(unit)).filter(option => !theirs.includes(JSON.stringify(option)))
}

function flat(line: CommandLine): FoundOption[] {
  return line.parts.flatMap(({ key, value, inside }) => [
    ...(key === undefined ? [] : [{ key, ...(value === undefined ? {} : { value }) }]),
    ...(inside ?? []).flatMap(part => (part.key === undefined ? [] : [{ ...part, key: part.key }])),
  ])
}

/** systemd reads `%%` as a percent sign and `$$` as a dollar. */
function unescaped(text: string): string {
  return text.replaceAll('%%', '%').replaceAll('$$', '$')
}

/** The engine's environment: in our file, and in docker-machine's drop-in. */
function environment({ service }: Facts): string[] {
  const file = service.envFiles.get('/etc/docker/machine.env')
  const ofFile = [...parseAssignments(file ?? '')].map(([name, value]) => `${name}=${value}`)
  const lines = service.unit.filter(isOurs).flatMap(({ text }) => [...text.matchAll(/^Environment=(.*)$/gm)])
  return [...ofFile, ...lines.flatMap(([, line = '']) => splitWords(line).map(word => unescaped(word.value)))]
}

/** TCP ports the engine is set to listen on. */
function ports(facts: Facts): number[] {
  const onLine = flat(readLine(execStartOf(facts.service.unit) ?? '', facts.service.envFiles.values()))
  const hosts = [...valuesFor(onLine, 'hosts'), ...hostsIn(facts.config)]
  return hosts.flatMap(host => Number(portOf(host)) || [])
}

function hostsIn(config: string | undefined): string[] {
  try {
    const value = JSON.parse(config || '{}') as Json
    const hosts = isObject(value) ? value.hosts : undefined
    return Array.isArray(hosts) ? hosts.map(String) : []
  } catch {
    return [] // the plan says what is wrong with it
  }
}
