/** ProxyJump: the way to a host through others, each logged in to and left as a plain pipe. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { MachineError, messageOf, UsageError } from '../errors.ts'
import { resolveAlias } from './alias.ts'
import { AttemptError, connectOnce, disconnect, type Target } from './connect.ts'
import { type IdentityOptions, identities } from './identities.ts'
import { knownHostsName, readKnownHosts } from './known-hosts.ts'

export interface RouteOptions extends Omit<IdentityOptions, 'keyPath' | 'files'> {
  /** Pinned host keys of hops by their name in a known_hosts file; those ~/.ssh/known_hosts knows are checked against that. */
  readonly pinned?: JumpHostKeys
  /** The machine's name, for hints. */
  readonly machine?: string
}

/** 'address' or '[address]:port' → 'ssh-ed25519 AAAA…'. */
export type JumpHostKeys = Readonly<Record<string, string>>

/** A jump host; a key seen for the first time is kept here, so that a later attempt checks it. */
interface Hop extends Target {
  hostKeys: readonly string[]
}

const MOST_LEVELS = 8

/**
 * Resolves '[user@]host[:port]' hops, each maybe an alias of the user's ssh_config; the first one's own ProxyJump comes
 * before it. Their host keys are checked against ~/.ssh/known_hosts where that knows them, else against the pinned ones;
 * one that neither knows is taken at first sight. `defaultUser` is for hops that name no user. Made once before dialing,
 * so that passphrases are asked for once.
 */
export async function routeThrough(
  hops: readonly string[],
  defaultUser: string,
  options: RouteOptions,
  level = 0,
): Promise<Hop[]> {
  if (level === MOST_LEVELS) throw new MachineError('SSH_CONFIG', `ProxyJump leads in a circle at ${hops.join(', ')}`)
  const file = join(options.home, '.ssh', 'known_hosts')
  const known = await readFile(file, 'utf8').catch(() => '')
  const route: Hop[] = []
  for (const [index, hop] of hops.entries()) {
    const { user, host, port } = parseHop(hop)
    const alias = await resolveAlias(host, options.home)
    if (index === 0) route.push(...(await routeThrough(alias.proxyJump, defaultUser, options, level + 1)))
    const login = user ?? alias.user ?? defaultUser
    const at = { address: alias.hostName, port: port ?? alias.port ?? 22 }
    const ways = await identities(login, { ...options, files: alias.identityFiles })
    const users = readKnownHosts(known, at.address, at.port)
    const pin = options.pinned?.[knownHostsName(at.address, at.port)]
    const trust = users.length > 0 ? { hostKeys: users, knownIn: file } : { hostKeys: pin === undefined ? [] : [pin] }
    route.push({ ...at, user: login, ways, ...trust, ...(options.machine ? { machine: options.machine } : {}) })
  }
  return route
}

function parseHop(hop: string): { user?: string; host: string; port?: number } {
  const parts = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?\/?$/.exec(hop)
  const host = parts?.[2]?.replace(/^\[|\]$/g, '')
  if (!parts || !host) throw new UsageError(`ProxyJump '${hop}' is not of the form [user@]host[:port]`)
  return { ...(parts[1] ? { user: parts[1] } : {}), host, ...(parts[3] ? { port: Number(parts[3]) } : {}) }
}

/** The keys of hops the user's known_hosts does not know, for pinning. */
export function jumpHostKeys(route: readonly Hop[]): JumpHostKeys {
  const ours = route.filter(hop => hop.knownIn === undefined && hop.hostKeys[0] !== undefined)
  return Object.fromEntries(ours.map(hop => [knownHostsName(hop.address, hop.port), hop.hostKeys[0] as string]))
}

/** A stream to `to` through the hops of a route; closing `close` leaves them all. No hops: no stream. */
export async function openRoute(
  route: readonly Hop[],
  to: { address: string; port: number },
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<{ stream?: Duplex; close(): Promise<void> }> {
  const clients: Client[] = []
  const close = async () => {
    for (const client of clients.reverse()) await disconnect(client)
  }
  let stream: Duplex | undefined
  try {
    for (const [index, hop] of route.entries()) {
      const { client, hostKey } = await connectOnce(hop, timeoutMs, signal, stream).catch(error => {
        throw error instanceof AttemptError ? viaError(error, hop) : error
      })
      client.on('error', () => {}) // its loss shows as the end of the stream
      clients.push(client)
      if (hop.hostKeys.length === 0) hop.hostKeys = [hostKey]
      const next = route[index + 1] ?? to
      stream = await forward(client, next)
    }
  } catch (error) {
    await close()
    throw error
  }
  return { ...(stream ? { stream } : {}), close }
}

function viaError(error: AttemptError, hop: Target): AttemptError {
  // only the machine itself gets the grace of a fresh host: a jump host that refuses us will go on doing so
  const verdict = error.verdict === 'refused' ? 'never' : error.verdict
  return new AttemptError(verdict, `jump host ${hop.user}@${hop.address}:${hop.port}: ${error.message}`, error)
}

function forward(client: Client, to: { address: string; port: number }): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, to.address, to.port, (error, stream) => {
      if (error)
        reject(new AttemptError('again', `the jump host does not reach ${to.address}:${to.port}: ${messageOf(error)}`))
      else resolve(stream)
    })
  })
}
