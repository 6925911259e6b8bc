/** What provisioning is asked for and what it works with: no defaults hide here, create and provision fill them in. */
import type { Say } from '../src/events.ts'
import type { AgentAsk } from './agent/ask.ts'

/** A disk of the host, as the driver's contract has it. */
export interface DataDiskAsk {
  /** What the host sees as its serial number; absent: it is known by its size. */
  readonly serial?: string | undefined
  /** In units of 2^30 bytes. */
  readonly sizeGb: number
  readonly fs: 'ext4' | 'xfs'
}

/** The engine a machine shall have. */
export interface EngineAsk {
  /** Script that installs the engine, as Docker Machine did; 'none' installs nothing. Absent: packages, see install.ts. */
  installUrl?: string | undefined
  /** Engine version or its beginning ('29', '28.5.1') for a new install; an engine that is there is kept. */
  version?: string | undefined
  /** Mirror of Docker's repository for a new install: a name of mirrors.ts or an https URL. */
  mirror?: string | undefined
  /** The mirror where none is named: of the host's place. Out of reach, it is done without. */
  placeMirror?: string | undefined
  /** dockerd options as `name=value`, or `name` alone for a switch. */
  opts: readonly string[]
  /** Engine labels, `key=value`. */
  labels: readonly string[]
  /** Environment of dockerd, `KEY=value`; values may hold any character but NUL and newline. */
  env: readonly string[]
  insecureRegistries: readonly string[]
  registryMirrors: readonly string[]
  /** Only set if asked for: naming one turns the containerd image store of new engines off. */
  storageDriver?: string | undefined
  /** TCP port on which the engine serves mutual TLS. */
  port: number
  /** Containers survive a restart of dockerd. Undefined: on for new installs, never with swarm mode. */
  liveRestore?: boolean | undefined
  /** json-file logs of at most 3 × 10 MB a container. Undefined: on for new installs. */
  logRotation?: boolean | undefined
  /** Name to give the host; absent leaves its name alone. */
  hostname?: string | undefined
  /** Driver's name, for the label `provider=…`. */
  providerLabel: string
  /** A disk for the engine's data: formatted if it is empty, and mounted where the data lies. */
  dataDisk?: DataDiskAsk | undefined
  /** The agent in front of the engine; absent: dockerd serves mutual TLS itself. */
  agent?: AgentAsk | undefined
}

/** The caller's certificate authority, as far as provisioning needs it. */
export interface Certificates {
  readonly caPem: string
  /** Why this server certificate will not do for this key (run out, a name is missing, another CA); undefined if it does. */
  problem(certPem: string, publicKeyPem: string): string | undefined
  /** Issues a server certificate for a public key (SPKI, PEM). The private key is the host's own. */
  issue(publicKeyPem: string): Promise<string>
}

export interface ProvisionCtx {
  readonly say: Say
  readonly signal: AbortSignal
  /** The machine's name, for texts and hints. */
  readonly machine: string
  /** Names a place where a crash would be interesting; called after each step. */
  point(label: string): void
  now(): Date
  /** Told when a part of the work begins that Docker Machine announced too, in its words. */
  phase?(text: string): void
}
