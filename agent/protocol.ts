/**
 * What both sides share: the agent, which runs on the host in front of the engine, and whoever speaks to it from outside.
 * docs/agent.md tells it in prose. Nothing here depends on either side, and nothing but constants runs.
 */

/** The agent's own paths start with this; everything else is the engine's API. */
export const AGENT_PREFIX = '/_machine/'

export const PATHS = {
  /** GET, any role: `Health`. */
  health: '/_machine/health',
  /** GET, any role: Prometheus text format 0.0.4. */
  metrics: '/_machine/metrics',
  /** POST, admin: makes a new server key, which waits for its certificate; answers `KeyAnswer`. */
  csr: '/_machine/csr',
  /** GET, admin: `TrustState`. POST, admin, `TrustChange`: answers `TrustState` as it is afterwards. */
  certs: '/_machine/certs',
} as const

/**
 * What a client may do, from the organizational unit (OU) of its certificate; one without OU is `admin`, one with any other
 * OU is let in nowhere. Where there are several OUs, the one that may least counts.
 */
export const ROLES = ['viewer', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/**
 * A client certificate with names of this form in its subjectAltName (URI) is good for the machines named and no other; ID is
 * `AgentConfig.id`. Without such a name it is good for all machines of its CA.
 */
export const MACHINE_URN = 'urn:machine:'

/** /etc/machine-agent/config.json: root's to write, the agent's to read. */
export interface AgentConfig {
  /** Random, stays when the machine is renamed; 32 hexadecimal digits. */
  readonly id: string
  /** TCP ports to listen on where no init system hands over sockets; with systemd they stand in the socket unit. */
  readonly ports: readonly number[]
  /** The engine's socket, '/var/run/docker.sock'. */
  readonly socket: string
  /** Where the engine's data lies, '/var/lib/docker': its disk is watched. */
  readonly dataRoot: string
  /** Folders of the host that operators may mount into containers: exactly these, nothing below them. */
  readonly operatorMounts: readonly string[]
  /** Where audit lines go: standard output (the journal), or a file that is rotated. */
  readonly audit: 'stdout' | AuditFile
}

export interface AuditFile {
  readonly file: string
  /** Size at which it is rotated, in bytes. */
  readonly maxBytes: number
  /** How many old files are kept. */
  readonly keep: number
}

/** Paths on the host. */
export const HOST = {
  /** Programs: versions/DIGEST/{agent.cjs,node}, `current` → one of them, node/VERSION-PLATFORM/node. */
  lib: '/usr/local/lib/machine-agent',
  config: '/etc/machine-agent/config.json',
  /** What provisioning put where, for the watch: `Plan`. */
  plan: '/etc/machine-agent/plan.json',
  /** The agent's own, mode 0700: identity.pem (key and certificate), pending-key.pem, ca.pem, revoked.json. */
  state: '/var/lib/machine-agent',
  identity: '/var/lib/machine-agent/identity.pem',
  ca: '/var/lib/machine-agent/ca.pem',
  revoked: '/var/lib/machine-agent/revoked.json',
  pendingKey: '/var/lib/machine-agent/pending-key.pem',
  /** `Running`, written when the agent is ready. */
  running: '/run/machine-agent/running.json',
  /** `Drift`, written by root's timer, in a folder of root's own: the agent could put links into its own. */
  drift: '/run/machine-watch/drift.json',
  user: 'machine-agent',
} as const

/** /run/machine-agent/running.json */
export interface Running {
  /** First 16 hexadecimal digits of the SHA-256 of agent.cjs: the name of its folder under versions/. */
  readonly digest: string
  readonly pid: number
  /** ISO 8601. */
  readonly ready: string
}

/** GET /_machine/health; status 200 whatever it says, because the agent answers. Times are ISO 8601. */
export interface Health {
  /** The agent's version, '0.1.0', and digest as in `Running`. */
  readonly agent: { readonly version: string; readonly digest: string; readonly node: string; readonly started: string }
  readonly id: string
  /** Whom the agent takes the asker for. */
  readonly you: { readonly name: string; readonly role: Role; readonly serial: string; readonly notAfter: string }
  readonly engine:
    | { readonly answers: true; readonly version: string; readonly apiVersion: string; readonly minApiVersion: string }
    | { readonly answers: false; readonly error: string }
  /** Absent where it could not be read. Bytes, and inodes where the file system counts them. */
  readonly disk?: {
    readonly path: string
    readonly totalBytes: number
    readonly freeBytes: number
    readonly inodes?: number
    readonly freeInodes?: number
  }
  readonly certificate: { readonly serial: string; readonly notAfter: string }
  /** The CAs in force. */
  readonly cas: readonly { readonly fingerprint256: string; readonly notAfter: string }[]
  /** Number of the revocation list in force, 0 for none, and how many serials it names. */
  readonly revocation: { readonly number: number; readonly serials: number }
  /** The host's clock when it answered. */
  readonly clock: string
  /** Absent where root's timer has not run. */
  readonly drift?: Drift
  /** Sentences for people: what is wrong or about to be; empty when all is well. */
  readonly problems: readonly string[]
}

/** What root's timer sees differ between the plan and what stands. */
export interface Drift {
  /** When it looked, ISO 8601. */
  readonly checked: string
  /** Files that are no longer as provisioning wrote them, by path: 'changed' or 'missing'. */
  readonly files: Readonly<Record<string, 'changed' | 'missing'>>
  /** Units that are not active though they should be. */
  readonly units: readonly string[]
  /** False where the host's firewall no longer lets the port in; absent where it cannot be told. */
  readonly portOpen?: boolean
  /** False where nothing listens on the port. */
  readonly listening?: boolean
}

/** /etc/machine-agent/plan.json */
export interface Plan {
  /** SHA-256 of files provisioning wrote, by path, hexadecimal. */
  readonly files: Readonly<Record<string, string>>
  readonly units: readonly string[]
  readonly port: number
}

/** POST /_machine/csr */
export interface KeyAnswer {
  /** Public half of the new key, SPKI, PEM. */
  readonly publicKey: string
  /** PKCS#10 request for it, PEM, signed with the new key. */
  readonly csr: string
}

/** POST /_machine/certs; every part is optional, all are judged before any is taken, and one that will not do refuses all. */
export interface TrustChange {
  /** PEM of all CAs that shall be in force from now on. */
  readonly ca?: string
  /**
   * For each CA of `ca` that is not in force yet: its subject and key in a certificate signed by one that is (a cross
   * certificate), PEM. A new CA without it is refused.
   */
  readonly cross?: string
  /** PEM of the server certificate, for the key of the last `csr` or the one in use. */
  readonly cert?: string
  readonly revoked?: SignedRevocations
}

/** GET /_machine/certs */
export interface TrustState {
  readonly ca: string
  readonly cert: string
  readonly revoked: SignedRevocations | null
}

/** `payload` is the JSON text of a `Revocations`; the signature (base64, SHA-256, ECDSA in DER or RSA PKCS#1) is that of the CA's key over its UTF-8. */
export interface SignedRevocations {
  readonly payload: string
  readonly signature: string
}

export interface Revocations {
  /** Only rises: a list with a lower one is refused, and so is another list with the same one. Never expires. */
  readonly number: number
  /** Serial numbers of client certificates, upper-case hexadecimal, as node:crypto and openssl print them. */
  readonly serials: readonly string[]
}

/** What the agent answers with an error: docker's own form. */
export interface ErrorAnswer {
  readonly message: string
}
