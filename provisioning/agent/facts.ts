/** What is known of the engine agent on a host; a part of `Facts`. */
import { HOST, type Running } from '../../agent/protocol.ts'
import { parseAssignments } from '../os-release.ts'

export interface UnitState {
  readonly active: boolean
  readonly enabled: boolean
  readonly needsReload: boolean
}

export interface AgentFacts {
  /** Groups of the agent's user; undefined: there is none. */
  readonly userGroups?: readonly string[]
  /** Its own folder is there, and its own. */
  readonly state: boolean
  /** Digests of the versions that are whole and have a Node, newest first. */
  readonly versions: readonly string[]
  /** Digest `current` names. */
  readonly current?: string
  /** What runs; undefined where the process is gone. */
  readonly running?: Running
  /** Texts by path: config, plan, units or init script. */
  readonly files: ReadonlyMap<string, string>
  /** systemd's units of the agent by name. */
  readonly units: ReadonlyMap<string, UnitState>
  /** Starts at boot, where there is no systemd. */
  readonly enabled: boolean
  /** What it takes to put changed files into force. */
  readonly stale?: 'reload' | 'restart'
  readonly caPem?: string
  readonly certPem?: string
  /** Public half of its key (SPKI, PEM). */
  readonly publicKeyPem?: string
  /** Mode and owner of the identity, '400 machine-agent'. */
  readonly keyMode?: string
  /** Number of the revocation list there, 0 for none, -1 for one that cannot be read. */
  readonly revoked: number
}

type Sections = ReadonlyMap<string, readonly string[]>

export function parseAgentFacts(has: Sections): AgentFacts {
  const one = (name: string) => has.get(name)?.[0]
  const word = (name: string) => (one(name) ?? '').trim()
  const some = <K extends string>(key: K, value: string | undefined) =>
    (value ? { [key]: value } : {}) as Partial<Record<K, string>>
  const groups = one('agent-user')
  const current = word('agent-current').replace(/^versions\//, '')
  const running = parsed(one('agent-running')) as Running | undefined
  const stale = word('agent-stale')
  return {
    ...(groups === undefined ? {} : { userGroups: groups.trim().split(' ') }),
    state: word('agent-state') === `700 ${HOST.user}`,
    versions: has.get('agent-version') ?? [],
    ...some('current', current),
    ...(running ? { running } : {}),
    files: new Map(
      [...has].flatMap(([name, [text = '']]) =>
        name.startsWith('agent-file ') ? [[name.slice(11), text] as const] : [],
      ),
    ),
    units: units(one('agent-units') ?? ''),
    enabled: has.has('agent-enabled'),
    ...(stale === '' ? {} : { stale: stale === 'reload' ? 'reload' : 'restart' }),
    ...some('caPem', one('agent-ca')),
    ...some('certPem', one('agent-cert')),
    ...some('publicKeyPem', one('agent-public-key')),
    ...some('keyMode', word('agent-key-mode')),
    revoked: numberOf(one('agent-revoked')),
  }
}

/** Whether the agent was set up here, running or not. */
export function agentIsThere({ files }: AgentFacts): boolean {
  return files.has(HOST.config)
}

/** `systemctl show` of several units: a block each, an empty line between them. */
function units(text: string): ReadonlyMap<string, UnitState> {
  const blocks = text
    .trim()
    .split(/\n{2,}/)
    .map(parseAssignments)
  return new Map(
    blocks.map(said => [
      said.get('Id') ?? '',
      {
        active: said.get('ActiveState') === 'active' || said.get('ActiveState') === 'reloading',
        enabled: /^enabled/.test(said.get('UnitFileState') ?? ''),
        needsReload: said.get('NeedDaemonReload') === 'yes',
      },
    ]),
  )
}

function numberOf(revoked: string | undefined): number {
  if (revoked === undefined) return 0
  const payload = (parsed(revoked) as { payload?: string } | undefined)?.payload
  return Number((parsed(payload) as { number?: number } | undefined)?.number) || -1
}

function parsed(text: string | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined // half-written or not ours: it will be written anew
  }
}
