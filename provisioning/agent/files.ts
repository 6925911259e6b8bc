/** The files that make the agent what is asked for, and how far the host's differ from them. Pure. */
import { createHash } from 'node:crypto'
import { type AgentConfig, HOST, type Plan } from '../../agent/protocol.ts'
import type { EngineAsk } from '../ask.ts'
import { engineFiles } from '../engine-files.ts'
import type { Facts } from '../facts.ts'
import type { AgentAsk } from './ask.ts'
import { initScript } from './init-script.ts'
import { INIT_SCRIPT, LOG_FOLDER, SERVICE_UNIT, SOCKET_UNIT, UNIT_FOLDER, WATCH_TIMER } from './paths.ts'
import { planFiles } from './plan-files.ts'
import { serviceUnit, socketUnit } from './units.ts'
import { WATCH_PATH, WATCH_SCRIPT, WATCH_SERVICE_PATH, WATCH_TIMER_PATH, watchService, watchTimer } from './watch.ts'

export interface AgentFile {
  readonly path: string
  readonly text: string
  readonly mode: number
  /** What puts a change of it into force; absent: whoever reads it reads it anew each time. */
  readonly takes?: 'reload' | 'restart'
}

type Asked = EngineAsk & { readonly agent: AgentAsk }

/** What the agent runs by. */
export function agentFiles(facts: Facts, ask: Asked): AgentFile[] {
  const config: AgentFile = { path: HOST.config, text: json(configOf(facts, ask)), mode: 0o644, takes: 'reload' }
  return [config, ...serviceFiles(facts, ask)]
}

/** What root's watch compares the host with; true once the engine has taken its settings, and not before. */
export function agentPlanFiles(facts: Facts, ask: Asked): AgentFile[] {
  return planFiles(planOf(facts, ask, serviceFiles(facts, ask)))
}

/** Those the host has not, or has otherwise. */
export function differing(files: readonly AgentFile[], { agent }: Facts): AgentFile[] {
  return files.filter(({ path, text }) => agent.files.get(path) !== text)
}

function serviceFiles(facts: Facts, ask: Asked): AgentFile[] {
  const watch: AgentFile = { path: WATCH_PATH, text: WATCH_SCRIPT, mode: 0o755 }
  if (facts.init !== 'systemd') {
    return [watch, { path: INIT_SCRIPT, text: initScript(facts.init), mode: 0o755, takes: 'restart' }]
  }
  return [
    watch,
    { path: WATCH_SERVICE_PATH, text: watchService, mode: 0o644, takes: 'reload' },
    { path: WATCH_TIMER_PATH, text: watchTimer, mode: 0o644, takes: 'reload' },
    { path: `${UNIT_FOLDER}/${SOCKET_UNIT}`, text: socketUnit(ask.port), mode: 0o644, takes: 'restart' },
    { path: `${UNIT_FOLDER}/${SERVICE_UNIT}`, text: serviceUnit(facts), mode: 0o644, takes: 'restart' },
  ]
}

/** Units that have to be active. */
export function unitsOf({ init }: Pick<Facts, 'init'>): string[] {
  return init === 'systemd' ? ['docker.service', SOCKET_UNIT, SERVICE_UNIT, WATCH_TIMER] : ['docker', 'machine-agent']
}

function configOf(facts: Facts, { agent, port }: Asked): AgentConfig {
  const file = { file: `${LOG_FOLDER}/audit.log`, maxBytes: 10 * 1024 * 1024, keep: 3 }
  return {
    id: agent.id,
    ports: [port],
    socket: socketOf(facts),
    dataRoot: facts.dataRoot,
    operatorMounts: [...agent.operatorMounts],
    audit: facts.init === 'systemd' ? 'stdout' : file,
  }
}

/** Where the engine listens: the usual place, unless daemon.json names other sockets only. */
function socketOf({ config }: Facts): string {
  const usual = '/var/run/docker.sock'
  const [, hosts = ''] = /"hosts"\s*:\s*\[([^\]]*)\]/.exec(config ?? '') ?? []
  const sockets = [...hosts.matchAll(/"unix:\/\/([^"]+)"/g)].map(([, path = '']) => path)
  if (sockets.length === 0 || sockets.some(path => path.replace(/^\/run\//, '/var/run/') === usual)) return usual
  return sockets[0] ?? usual
}

/** What the engine's files and the agent's will be once all steps are done. */
function planOf(facts: Facts, ask: Asked, service: readonly AgentFile[]): Plan {
  const { files, differing: changing } = engineFiles(facts, ask)
  // What only root reads may hold passwords, and a hash everybody reads lets them be guessed.
  const engine = files.flatMap(file => {
    if (file.mode === 0o600) return []
    const standing = changing.includes(file) ? file.text : standingText(facts, file.path, file.text)
    return standing === undefined ? [] : [{ path: file.path, text: standing }]
  })
  const hashes = [...engine, ...service].map(({ path, text }) => [path, sha256(text)] as const)
  return { files: Object.fromEntries(hashes), units: unitsOf(facts), port: ask.port }
}

/** A daemon.json that says the same in another form stays as it is. */
function standingText(facts: Facts, path: string, wanted: string | undefined): string | undefined {
  return path === facts.configPath ? facts.config : wanted
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
