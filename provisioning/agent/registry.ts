/** What of an npm registry's address a host may be told. */
import { UsageError } from '../../src/errors.ts'
import { type PinnedRuntime, tarballOf } from './runtimes.ts'

/**
 * Throws UsageError unless `text`, of --engine-agent-registry, is the URL of a registry, without user and password: it is kept
 * in the record. The text is not repeated, it may hold one.
 */
export function checkRegistry(text: string | undefined): void {
  if (text === undefined) return
  const url = parse(text)
  if (!url) throw new UsageError('--engine-agent-registry is not the http or https URL of an npm registry')
  if (url.username === '' && url.password === '' && url.search === '') return
  throw new UsageError('--engine-agent-registry takes no user, password or query: machines keep it in their records', [
    "put the registry's login into npm's configuration: npm login, or ~/.npmrc",
  ])
}

/**
 * The registry's URL without what it may tell nobody (user, password, query), ending in '/'. Undefined where a host cannot
 * use it: one on this computer's loopback, or none at all.
 */
export function registryForHost(text: string | undefined): string | undefined {
  const url = parse(text)
  if (!url || isLoopback(url.hostname)) return undefined
  return `${url.origin}${url.pathname.replace(/\/*$/, '/')}`
}

/** Where a registry keeps a runtime's tarball. */
export function tarballUrl(registry: string, runtime: PinnedRuntime): string {
  return `${registry.replace(/\/*$/, '/')}${runtime.package}/-/${tarballOf(runtime)}`
}

function parse(text: string | undefined): URL | undefined {
  const url = URL.parse(text ?? '')
  return url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url : undefined
}

/** `name` as URL writes it: numbers in all their spellings are '127.0.0.1' by then, IPv6 stands in brackets. */
function isLoopback(name: string): boolean {
  const bare = name.replace(/\.$/, '')
  if (bare === 'localhost' || bare.endsWith('.localhost') || /^(127|0)\.\d+\.\d+\.\d+$/.test(bare)) return true
  return /^\[::(1|ffff:(7f..|0):.*)?\]$/.test(bare)
}
