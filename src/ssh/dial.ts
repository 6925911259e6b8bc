/** Opens the one SSH connection a job on a machine needs, waiting for sshd where it is still coming up. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'ssh2'
import { MachineError, UsageError } from '../errors.ts'
import { resolveAlias } from './alias.ts'
import { AttemptError, type Connection, connectOnce, disconnect, explain, type Target } from './connect.ts'
import type { Host } from './host.ts'
import { identities } from './identities.ts'
import { type JumpHostKeys, jumpHostKeys, openRoute, routeThrough } from './jump.ts'
import type { Secret } from './quote.ts'
import { Session } from './session.ts'

export interface DialOptions {
  /** IP address or name; may be left to the alias. */
  readonly address?: string
  /** The alias's, else 22. */
  readonly port?: number
  /** The alias's, else root. */
  readonly user?: string
  /** Private key file; absent: the alias's, else the SSH agent's and the user's own keys. */
  readonly keyPath?: string
  /** Host of ~/.ssh/config whose settings count where none is given here; its ProxyJump always counts. */
  readonly alias?: string
  /** Known host keys, 'ssh-ed25519 AAAA…': no other is accepted. Empty: the first one seen is, and stands in `hostKey`. */
  readonly hostKeys: readonly string[]
  /** Pinned keys of the jump hosts on the way; of those neither this nor ~/.ssh/known_hosts knows, the first seen is taken. */
  readonly jumpHostKeys?: JumpHostKeys
  /** How long to go on trying while sshd does not answer, in milliseconds from now. 0: one attempt. */
  readonly deadlineMs: number
  /** For how long of that a refused log-in is tried again too (a fresh cloud host gets its keys late); 0 by default. */
  readonly authGraceMs?: number
  /** How long one attempt may take, log-in included; 15 s by default. */
  readonly connectTimeoutMs?: number
  readonly signal?: AbortSignal
  /** For SSH_AUTH_SOCK. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user's home folder, for ~/.ssh. */
  readonly home: string
  /** The machine's name, for hints. */
  readonly machine?: string
  /** Told after each failed attempt, for debugging. */
  readonly onAttempt?: (text: string) => void
  /** Asks for the passphrase of a key. */
  readonly askSecret?: (prompt: string) => Promise<Secret | undefined>
  /** Asks for the password of sudo, once, when it wants one. */
  readonly sudoPassword?: () => Promise<Secret | undefined>
}

/** A connection with what lies under it. */
export interface Dialed extends Connection {
  readonly target: Target
  /** Keys of the jump hosts that the user's own known_hosts does not know. */
  readonly jumpHostKeys: JumpHostKeys
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 2_000
const CONNECT_TIMEOUT_MS = 15_000

/**
 * Connects and logs in. Throws MachineError SSH_UNREACHABLE (nothing answered by the deadline), SSH_AUTH_FAILED,
 * SSH_HOST_KEY_CHANGED, SSH_CONFIG, SSH_PROXY_COMMAND, the SSH_KEY_… of `identities`, or the signal's reason.
 */
export async function dial(options: DialOptions): Promise<Host> {
  return new Session(await dialClient(options), options.sudoPassword)
}

/** The same, for those who need ssh2's client itself. */
export async function dialClient(options: DialOptions): Promise<Dialed> {
  const started = Date.now() // asking for a passphrase takes the user's time, not the deadline's
  const { target, route } = await plan(options)
  const asked = Date.now() - started
  const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS
  const passed = () => Date.now() - started - asked
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof AttemptError)) throw error
      options.onAttempt?.(`${target.address}:${target.port}: ${error.message}`)
      if (error.verdict === 'never') throw explain(error, target)
      const limit =
        error.verdict === 'refused' ? Math.min(options.authGraceMs ?? 0, options.deadlineMs) : options.deadlineMs
      if (passed() + pause >= limit) throw error.verdict === 'refused' ? explain(error, target) : late(error)
      await sleep(pause, undefined, options.signal ? { signal: options.signal } : {}).catch(() => {
        throw options.signal?.reason
      })
    }
  }

  async function attempt(): Promise<Dialed> {
    const way = await openRoute(route, target, timeoutMs, options.signal)
    try {
      const connection = await connectOnce(target, timeoutMs, options.signal, way.stream)
      return {
        ...connection,
        target,
        jumpHostKeys: jumpHostKeys(route),
        close: () => leave(connection.client, way.close),
      }
    } catch (error) {
      await way.close()
      throw error
    }
  }

  function late(error: AttemptError): MachineError {
    const within = options.deadlineMs > 0 ? ` within ${Math.round(options.deadlineMs / 1000)} s` : ''
    const text = `sshd on ${target.address}:${target.port} did not answer${within}: ${error.message}`
    const hints = [
      `open port ${target.port} of the host to this computer`,
      'see each attempt: run the command again with --debug',
    ]
    return new MachineError('SSH_UNREACHABLE', text, { hints, cause: error })
  }
}

async function leave(client: Client, closeRoute: () => Promise<void>): Promise<void> {
  await disconnect(client)
  await closeRoute()
}

async function plan(options: DialOptions) {
  const alias = options.alias ? await resolveAlias(options.alias, options.home) : undefined
  const address = options.address ?? alias?.hostName
  if (!address) throw new UsageError('neither an address nor an SSH alias says where to connect')
  const user = options.user ?? alias?.user ?? 'root'
  const machine = options.machine ? { machine: options.machine } : {}
  const pinned = options.jumpHostKeys ? { pinned: options.jumpHostKeys } : {}
  const route = await routeThrough(alias?.proxyJump ?? [], user, { ...logIn(options), ...machine, ...pinned })
  const ways = await identities(user, {
    ...logIn(options),
    ...(options.keyPath ? { keyPath: options.keyPath } : {}),
    ...(alias ? { files: alias.identityFiles } : {}),
  })
  const port = options.port ?? alias?.port ?? 22
  const target: Target = { address, port, user, hostKeys: options.hostKeys, ways, ...machine }
  return { target, route }
}

function logIn({ env, home, askSecret }: DialOptions) {
  return { env, home, ...(askSecret ? { askSecret } : {}) }
}
