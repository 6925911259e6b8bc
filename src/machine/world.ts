/**
 * The only seam between the library and what surrounds it: the store, the network, the clock, the terminal. A test or a
 * program passes its own; nothing below reads the process's environment by itself.
 */
import type { AnyDriver, Question } from '../../drivers/driver.ts'
import type { Say } from '../events.ts'
import type { DialOptions } from '../ssh/dial.ts'
import type { Host } from '../ssh/host.ts'
import type { Secret } from '../ssh/quote.ts'
import type { Store } from '../store/store.ts'

export interface World {
  readonly store: Store
  readonly drivers: readonly AnyDriver[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** The user's home directory: ~/.ssh is looked for there. */
  readonly home: string
  /** The name the program was called by, for texts that name a command: 'machine' or 'docker-machine'. */
  readonly program: string
  /** CA and client files elsewhere than in the store (`--tls-ca-cert` and its three siblings). */
  readonly tlsPaths: TlsPaths
  readonly signal: AbortSignal
  readonly say: Say
  now(): Date
  dial(options: DialOptions): Promise<Host>
  /** Asks the person for a secret; absent where nobody can answer. */
  readonly askSecret?: (prompt: string) => Promise<Secret | undefined>
  /** As `askSecret`, for drivers: also what need not be hidden. */
  readonly ask?: (question: Question) => Promise<string | undefined>
  /** What drivers find in their environment instead of `env`: see withSecrets. */
  readonly driverEnv?: Readonly<Record<string, string | undefined>>
  /** A place where a crash would be interesting; the crash tests count these. */
  point(label: string): void
}

export interface TlsPaths {
  readonly caCert?: string
  readonly caKey?: string
  readonly clientCert?: string
  readonly clientKey?: string
}
