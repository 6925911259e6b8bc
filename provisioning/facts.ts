/** What is known of a host: the sections of facts-script.ts as typed values. Reading is one round trip, all else is pure. */
import type { Host } from '../src/ssh/host.ts'
import type { AgentFacts } from './agent/facts.ts'
import type { RuntimeFacts } from './agent/runtime-facts.ts'
import { parseFacts } from './facts-parse.ts'
import { factsCommand } from './facts-script.ts'
import type { FirewallFacts } from './firewall.ts'
import type { Managed } from './managed.ts'
import type { OsRelease } from './os-release.ts'
import { withSbin } from './sbin-host.ts'
import type { Unit } from './systemd/unit.ts'

export type Init = 'systemd' | 'openrc' | 'sysvinit' | 'unknown'

export interface Facts {
  readonly uid: number
  /** Who logged in, also where the facts were read through sudo. */
  readonly login: string
  readonly groups: readonly string[]
  /** The group `docker` exists. */
  readonly dockerGroup: boolean
  readonly arch: string
  readonly hostname: string
  /** The host finds its own name in /etc/hosts. */
  readonly inHosts: boolean
  readonly os: OsRelease
  readonly init: Init
  /** Which of curl, wget, openssl, ssh-keygen are there. */
  readonly tools: readonly string[]
  readonly cloudInitRunning: boolean
  /** dockerd as found on PATH. */
  readonly engine?: { readonly path: string; readonly version: string }
  readonly service: {
    /** The init system knows a service `docker`. */
    readonly known: boolean
    readonly enabled: boolean
    readonly active: boolean
    readonly needsReload: boolean
    /** systemd's view of docker.service with its drop-ins; empty elsewhere. */
    readonly unit: Unit
    /** Environment files of the service by path, whole. */
    readonly envFiles: ReadonlyMap<string, string>
  }
  readonly configPath: string
  /** daemon.json as it stands, undefined if absent. */
  readonly config?: string
  /** What we wrote before, undefined on first contact. */
  readonly managed?: Managed
  /** Where the engine's data lies, '/var/lib/docker'. */
  readonly dataRoot: string
  /** A file system of its own is mounted there. */
  readonly dataRootMounted: boolean
  readonly containers: number
  readonly volumes: number
  readonly swarm: boolean
  /** Space left where the engine's data lies or in /etc, whichever is less, in KiB; undefined if df would not say. */
  readonly freeKb?: number
  /** Files changed since the engine last started; survives everything but a reboot, which makes it untrue. */
  readonly stale: boolean
  readonly caPem?: string
  readonly serverCertPem?: string
  /** Public half of the server key (SPKI, PEM); absent if there is no usable key. */
  readonly publicKeyPem?: string
  /** Mode and owner of the server key, '400 0'. */
  readonly keyMode?: string
  /** TCP ports something listens on. */
  readonly listening: readonly number[]
  readonly firewall: FirewallFacts
  readonly agent: AgentFacts
  /** What of Node is there, for the agent. */
  readonly runtime: RuntimeFacts
}

/** Reads a host's facts as root. Throws what `host.run` throws, and HOST_UNREADABLE if the answer was cut short. */
export async function readFacts(host: Host, port: number, signal: AbortSignal): Promise<Facts> {
  const { stdout } = await withSbin(host).run(factsCommand(port), { root: true, ok: [0], timeoutMs: 60_000, signal })
  return parseFacts(stdout, port)
}
