/** Proxies as the environment names them: Node's own way through them, and what to call them in texts. */
import type { Ctx } from '../driver.ts'

const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'] as const

export interface Proxy {
  /** For Node's agents. Old ones do not know `proxyEnv`, and go past every proxy: see goesThroughProxies. */
  readonly agent: { readonly proxyEnv?: Readonly<Record<string, string>> }
  /** The proxy on the way to this host, without its password; undefined: there is none. */
  shown(host: string): string | undefined
}

export function proxyOf(env: Ctx['env']): Proxy {
  const set = VARIABLES.flatMap(name => (env[name] ? [[name, env[name] as string] as const] : []))
  const text = env.https_proxy || env.HTTPS_PROXY
  const url = text && URL.canParse(text) ? new URL(text) : undefined
  const excepted = env.no_proxy || env.NO_PROXY || ''
  return {
    agent: set.length > 0 ? { proxyEnv: Object.fromEntries(set) } : {},
    shown: host => (url && !isExcepted(host.replace(/:\d+$/, ''), excepted) ? url.host : undefined),
  }
}

/** Whether this Node's agents know `proxyEnv`. */
export function goesThroughProxies(version = process.versions.node): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)
}

function isExcepted(host: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .map(entry => entry.replace(/^\*?\./, '').replace(/:\d+$/, ''))
    .some(entry => entry === '*' || (entry !== '' && (host === entry || host.endsWith(`.${entry}`))))
}
