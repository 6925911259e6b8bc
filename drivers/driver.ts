/**
 * The contract between machines and the places they run. A driver is a value: data about itself, four verbs and, where
 * it can, power. It keeps nothing between calls: all it knows of a machine is the plain JSON state it returned, which
 * the store saves unread as config.json's `Driver` object (Docker Machine's field names where that driver existed).
 *
 * Order of calls: preflight → create (which calls `checkpoint` before and after each thing it makes) → inspect, power …
 * → remove. inspect and remove may come from any checkpoint, at any time, and from another process. Calls for different
 * machines run concurrently; calls for one machine never do (the machine's lock is held).
 *
 * A driver never opens SSH and never prints; what a person alone can say it asks through `ctx.ask`, and it must do without
 * where that is absent. It throws a MachineError with a hint, or tells `ctx.say`.
 */
import type { Say } from '../src/events.ts'
import type { Resize } from './resize.ts'
import type { Sweep } from './sweep.ts'
import type { TakesOver } from './takes-over.ts'

/** One option of a driver. `name` on the command line is `--<driver>-<kebab-cased key>`. */
export interface FlagSpec {
  readonly type: 'string' | 'int' | 'bool' | 'list'
  /** One line for help: lower case, no full stop, unit in brackets. */
  readonly help: string
  /** Environment variable that sets it; lists are comma-separated there. */
  readonly env?: string
  /** Further variables for it, asked in this order where `env` is not set. */
  readonly envAliases?: readonly string[]
  /** Used when neither flag nor variable is given. */
  readonly default?: string | number | boolean | readonly string[]
  /** create fails without it, naming flag and variable. */
  readonly required?: boolean
  /** The whole long name where it is not `<driver>-<key>`, as `url` of `none`. */
  readonly flag?: string
  /** Further whole long names it answers to (a fork's), which help and completion do not show. */
  readonly aliases?: readonly string[]
  /** The only values allowed. */
  readonly options?: readonly string[]
  /** The value is a path: what shells complete it with. */
  readonly path?: 'file' | 'folder'
  /** This flag and the shared one of this name are one setting: a value for either counts, two different are refused. */
  readonly sameAs?: 'engine-port'
  /**
   * A string nobody else may see. It is no part of `config`: what was typed stands in `ctx.env` under the name of `env`,
   * in this process alone, and is kept nowhere.
   */
  readonly secret?: boolean
}
export type FlagSpecs = Readonly<Record<string, FlagSpec>>

type ValueOf<T extends FlagSpec['type']> = { string: string; int: number; bool: boolean; list: string[] }[T]
/**
 * A driver's settings, typed from its flags: sure to be there if required or with a default, else maybe undefined. Secrets
 * are not among them.
 */
export type Config<F extends FlagSpecs = FlagSpecs> = {
  readonly [K in keyof F as F[K] extends { secret: true } ? never : K]: F[K] extends
    | { required: true }
    | { default: string | number | boolean | readonly string[] }
    ? ValueOf<F[K]['type']>
    : ValueOf<F[K]['type']> | undefined
}

/** The words of `ls` and `status`; Docker Machine's. '' stands for "not known". */
export type Status =
  | ''
  | 'Running'
  | 'Paused'
  | 'Saved'
  | 'Stopped'
  | 'Stopping'
  | 'Starting'
  | 'Error'
  | 'Timeout'
  | 'Not Found'

/** How sshd of a machine is reached. */
export interface SshTarget {
  readonly user: string
  readonly port: number
  /** Private key file; absent: the SSH agent and the user's own keys are tried. */
  readonly keyPath?: string
  /** Host keys the driver is sure of ('ssh-ed25519 AAAA…'): no trust at first sight is needed. */
  readonly hostKeys?: readonly string[]
  /** A Host alias of the user's ssh_config through which the machine is reached (ProxyJump and all). */
  readonly alias?: string
}

/** A host somebody else made, as a person names it for `adopt`. */
export interface ReachedHost {
  /** IP address or name. */
  readonly address: string
  readonly user: string
  readonly port: number
  /** Private key file; absent: the SSH agent and the user's own keys. */
  readonly keyPath?: string
  readonly enginePort: number
}

/** The provider's view of a machine now. */
export interface Instance {
  readonly status: Status
  /** IP address or host name of the engine and sshd; absent while it has none. */
  readonly address?: string
  readonly ssh?: SshTarget
  /** Port at `address` that leads to the engine's, where it is another: the host is behind NAT and its port forwarded. */
  readonly enginePort?: number
  /** Whole engine URL of a driver that provisions nothing (`none`). */
  readonly url?: string
}

/** Something only the person can say: the code of a second factor. */
export interface Question {
  /** What stands on the terminal: 'MFA code for arn:…' */
  readonly text: string
  /** What is typed is not shown. */
  readonly secret?: boolean
}

/** What every call gets. */
export interface Ctx {
  /** The machine's name. */
  readonly name: string
  /** Absolute path of the machine's own folder in the store (exists during create). */
  readonly machineDir: string
  /** Identifies the store, stable when it is moved: 8 hex digits. Goes into names and tags of what a driver makes. */
  readonly storeId: string
  /** Environment of the calling process, with what was typed for secret flags; never read process.env in a driver. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborts on Ctrl-C or the caller's own signal: every wait heeds it. */
  readonly signal: AbortSignal
  readonly say: Say
  /** Asks the person, one question at a time; undefined: no answer. Absent where nobody can be asked. */
  readonly ask?: (question: Question) => Promise<string | undefined>
  /** Names a place where a crash would be interesting: the crash tests count these. Call it after each side effect. */
  point(label: string): void
}

export interface CreateCtx<S> extends Ctx {
  /** Public key line ('ssh-ed25519 AAAA… name') of the key core made for this machine; '' if `keys` is 'own'. */
  readonly publicKey: string
  /** Port the engine will listen on. */
  readonly enginePort: number
  /** Saves the state. Call before each thing that costs or stays (with the id it will have) and after it is made. */
  checkpoint(state: S): Promise<void>
}

/** Power of a machine. A member that is absent is not this driver's to do; core says so. */
export interface Power<S> {
  start?(state: S, ctx: Ctx): Promise<void>
  /** Shuts down in order, within a deadline of its own. */
  stop?(state: S, ctx: Ctx): Promise<void>
  /** Pulls the plug. */
  kill?(state: S, ctx: Ctx): Promise<void>
  /** Absent: core does stop, then start; or, with `rebootsOverSsh`, a reboot through SSH. */
  restart?(state: S, ctx: Ctx): Promise<void>
}

/** What an engine gets where nobody says otherwise; see the flags `--engine-…` of these names. */
export interface EngineDefaults {
  /** Copy of Docker's package repository: a name or a URL. */
  readonly mirror?: string
  /** npm registry the host may fetch the agent's runtime from; one that the caller's npm was configured for goes before it. */
  readonly agentRegistry?: string
}

/** A disk of the host that is for the engine's data. Provisioning formats it if it is empty, and mounts it. */
export interface DataDisk {
  /** What the host sees as its serial number; absent: it is known by its size alone. */
  readonly serial?: string
  /** In units of 2^30 bytes. */
  readonly sizeGb: number
  readonly fs: 'ext4' | 'xfs'
}

/** Whether this computer can use a driver, for `machine drivers` and for the choice of the default one. */
export interface Usability {
  readonly usable: boolean
  /** What is missing, each with how to get it: 'systemd-nspawn: apt-get install systemd-container'. */
  readonly missing: readonly string[]
}

export interface Driver<F extends FlagSpecs = FlagSpecs, S = unknown> {
  /** 'nspawn'; also the prefix of its flags. Lower case letters and digits. */
  readonly name: string
  /** One line for `machine drivers`: 'a container machine on this computer'. */
  readonly summary: string
  /** Options, data: `config` is typed from it. */
  readonly flags: F
  /** True: makes a machine with no option given, so `create` may choose it by itself. */
  readonly automatic: boolean
  /** False: there is an engine at `url` already, nothing to log in to or provision (`none`). */
  readonly provisions: boolean
  /** Key core makes before create: 'ed25519' unless a cloud documents only 'rsa'; 'own': the driver brings or needs none. */
  readonly keys: 'ed25519' | 'rsa' | 'own'
  /** `restart` may run `shutdown -r now` over SSH (a driver with no power of its own: generic). */
  readonly rebootsOverSsh?: boolean
  /** Its state repeats classic Swarm's flags (SwarmMaster, SwarmHost, SwarmDiscovery), as most of Docker Machine's did. */
  readonly keepsSwarm?: boolean
  /** What core throws when power is asked for and absent; `verb` is start, stop, restart or kill. */
  readonly noPowerText?: (verb: string) => string

  /** Tools and rights on this computer; no network, under 100 ms. */
  usable(ctx: Pick<Ctx, 'env' | 'signal'>): Promise<Usability>
  /** Folders of this computer the driver fills, for `doctor` to see whether there is room; they need not exist. */
  folders?(env: Ctx['env']): readonly string[]
  /** What engines of this place need that others do not, as mirrors where the originals are out of reach. Asks nobody. */
  engineDefaults?(config: Config<F>, ctx: Pick<Ctx, 'env'>): EngineDefaults | Promise<EngineDefaults>
  /** Read-only: credentials, tools, quota, impossible combinations; throws how to fix it (shown as pre-create check, exit 3). */
  preflight(config: Config<F>, ctx: Ctx): Promise<void>
  /** Makes the instance and returns when it has been asked to run. */
  create(config: Config<F>, ctx: CreateCtx<S>): Promise<S>
  /** Read-only and quick; status 'Not Found' when the provider no longer has it. */
  inspect(state: S, ctx: Ctx): Promise<Instance>
  /** Idempotent, from any checkpoint, only what this driver made for this machine; gone already is success. */
  remove(state: S, ctx: Ctx): Promise<void>
  readonly power?: Power<S>
  /** A disk the engine's data goes to; undefined: there is none. Absent: hosts of this driver have no such disk. */
  dataDisk?(state: S): DataDisk | undefined
  /**
   * The state under another machine name. Absent: the instance is bound to the name or to files in the machine's folder
   * (a VM's disks), and the machine cannot be renamed.
   */
  renamed?(state: S, name: string): S
  /** Settings with which `create` takes over a host that is reached over SSH already; absent: this driver makes its hosts. */
  adopting?(host: ReachedHost): Config<F>
  /** Takes over hosts that the provider's own tool made; absent: there is no such tool. */
  readonly takesOver?: TakesOver<F>
  /** Sets these labels (tags) on the instance and keeps its others. Absent: `update-labels` writes the record alone. */
  updateLabels?(state: S, labels: Readonly<Record<string, string>>, ctx: Ctx): Promise<void>
  /** Settings that can be changed of a machine that is there, by stopping and starting it; absent: none. */
  readonly resize?: Resize<F, S>
  /** Finds what this store made and no record owns any more: the command `<driver> sweep`. Absent: there is no such thing. */
  readonly sweep?: Sweep<S>
}

/** Types a driver from its own literal. `S` comes from `create`'s annotated result. */
export function defineDriver<const F extends FlagSpecs, S>(driver: Driver<F, S>): Driver<F, S> {
  return driver
}

/** A driver of which only the contract is known: what lists hold. Its config and state are opaque. */
// biome-ignore lint/suspicious/noExplicitAny: F and S are contravariant; the list cannot name them and core never looks inside
export type AnyDriver = Driver<any, any>
