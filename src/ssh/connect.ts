/** One attempt at a connection: TCP (or a stream through a jump host), host key, log-in. */
import { connect as connectTcp } from 'node:net'
import type { Duplex } from 'node:stream'
import type { AnyAuthMethod, Client, ConnectConfig } from 'ssh2'
import { MachineError } from '../errors.ts'
import { HostKeyCheck, hostKeyAlgorithms } from './host-keys.ts'
import { saveRoundTrips } from './inside.ts'

export interface Target {
  readonly address: string
  readonly port: number
  readonly user: string
  /** Accepted host keys, 'ssh-ed25519 AAAA…'; none: the first one seen is taken. */
  readonly hostKeys: readonly string[]
  readonly ways: readonly AnyAuthMethod[]
  /** The machine's name, for hints. */
  readonly machine?: string
  /** The file that knows the host keys where it is the user's own (~/.ssh/known_hosts); absent: they are our pins. */
  readonly knownIn?: string
}

export interface Connection {
  readonly client: Client
  /** 'ssh-ed25519 AAAA…', as the server showed it. */
  readonly hostKey: string
}

/** How a failed attempt is to be taken. */
export class AttemptError extends Error {
  /** 'again': sshd is not there yet; 'refused': it does not let us in; 'never': trying again cannot help. */
  readonly verdict: 'again' | 'refused' | 'never'
  constructor(verdict: 'again' | 'refused' | 'never', message: string, cause?: unknown) {
    super(message, { cause })
    this.verdict = verdict
  }
}

const KEEPALIVE = { keepaliveInterval: 15_000, keepaliveCountMax: 4 }

/** What pam_nologin tells while a host boots: the log-in fails now and works in a moment. */
const BOOTING = /booting up|unprivileged users are not permitted/i

/** Logs in within `timeoutMs`. Throws AttemptError, MachineError SSH_HOST_KEY_CHANGED, or the signal's reason. */
export async function connectOnce(
  to: Target,
  timeoutMs: number,
  signal?: AbortSignal,
  through?: Duplex,
): Promise<Connection> {
  const { default: ssh2 } = await import('ssh2')
  signal?.throwIfAborted()
  const check = new HostKeyCheck(to.hostKeys)
  const client = new ssh2.Client()
  const socket = through ?? connectTcp({ host: to.address, port: to.port, noDelay: true })
  const told: string[] = []
  let onAbort = () => {}
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort)
      client.on('banner', text => told.push(text))
      client.on('error', error => {
        if (error.level !== 'agent') reject(error) // a failing agent is passed over; the next way is tried
      })
      client.on('close', () => reject(new Error('the connection was closed during the log-in')))
      client.once('ready', resolve)
      client.connect({
        ...KEEPALIVE,
        sock: socket as NonNullable<ConnectConfig['sock']>,
        username: to.user,
        readyTimeout: timeoutMs,
        // an own list: ssh2's starts with a request that exists to be refused, one more round trip
        authHandler: to.ways.length > 0 ? [...to.ways] : [{ type: 'none', username: to.user }],
        hostVerifier: (key: Buffer) => check.accept(key),
        algorithms: { serverHostKey: hostKeyAlgorithms(to.hostKeys) as never },
      })
      saveRoundTrips(client, isEager(to.ways[0]))
    })
  } catch (error) {
    client.destroy()
    socket.destroy()
    if (signal?.aborted) throw signal.reason
    if (isBug(error)) throw error
    throw check.refusal(to) ?? judge(error, told)
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
  return { client, hostKey: check.seen }
}

/** A mistake in the program and not of the network: waiting mends none. By name, since errors may come from another realm. */
function isBug(error: unknown): boolean {
  return ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'].includes((error as Error | undefined)?.name ?? '')
}

function isEager(way: AnyAuthMethod | undefined): boolean {
  return way?.type === 'publickey' && typeof way.key === 'object' && 'type' in way.key && way.key.type !== 'ssh-rsa'
}

function judge(error: unknown, told: readonly string[]): AttemptError {
  const { code, level, message } = error as { code?: string; level?: string; message: string }
  // Node gives no text for a name tried as IPv6 and IPv4
  const bare = message || String((error as AggregateError).errors?.[0] ?? code)
  const banner = told.join(' ').trim()
  const text = banner ? `${bare} (it says: ${banner.slice(0, 500)})` : bare
  return new AttemptError(verdictOn(), text, error)

  function verdictOn(): AttemptError['verdict'] {
    if (BOOTING.test(text)) return 'again'
    if (level === 'client-authentication') return 'refused'
    if (/no matching/i.test(bare) || code === 'ENOTFOUND' || code === 'EACCES' || code === 'EPERM') return 'never'
    return 'again'
  }
}

/** Closes a connection without waiting for the other side: what is written goes out, then the socket is gone. */
export async function disconnect(client: Client): Promise<void> {
  const socket = (client as unknown as { _sock?: Duplex & { destroySoon?(): void } })._sock
  client.end()
  if (!socket || socket.closed) return
  // A stream through a jump host closes with the connection that carries it, and says nothing more once that is lost.
  if (!socket.destroySoon) return void socket.destroy()
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.destroySoon()
  await closed
}

/** `error` as a MachineError for people. */
export function explain(error: AttemptError, to: Target): MachineError {
  const at = `${to.address}:${to.port}`
  if (error.verdict !== 'refused') {
    return new MachineError('SSH_UNREACHABLE', `no SSH connection to ${at} is possible: ${error.message}`, {
      cause: error,
    })
  }
  const tried = to.ways.map(nameOf).join(', ') || 'no key: there is none to offer'
  return new MachineError('SSH_AUTH_FAILED', `${at} does not let ${to.user} log in (tried ${tried})`, {
    hints: [`check the user name, and that ~${to.user}/.ssh/authorized_keys there holds the key's public half`],
    cause: error,
  })
}

function nameOf(way: AnyAuthMethod): string {
  if (way.type === 'agent') return "the SSH agent's keys"
  return way.type === 'publickey' && typeof way.key === 'object' && 'type' in way.key
    ? `a ${way.key.type} key`
    : way.type
}
