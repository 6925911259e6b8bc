/** The docker client sends requests to engines through an HTTP proxy too, and proxies rarely lead there. */
import { BlockList, isIP } from 'node:net'
import { type Check, ok, skipped, warning } from './check.ts'
import { found, type Patient } from './patient.ts'

export const proxy: Check<Patient> = {
  id: 'proxy',
  what: 'proxy',
  needs: ['host'],
  async look(patient) {
    const { name, w } = patient
    const url = found(patient, 'url')
    if (!url.startsWith('tcp:')) return skipped(`${url} needs no network`)
    const { hostname, port } = new URL(url)
    const host = hostname.replace(/^\[|\]$/g, '')
    const set = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].find(variable => w.env[variable])
    if (set === undefined) return ok('none is set')
    if (isLocal(host) || isExcepted(host, port, w.env.no_proxy || w.env.NO_PROXY || ''))
      return ok(`${set} is set, and not for ${host}`)
    return warning(
      `docker would ask the proxy of ${set} for ${host}: no_proxy does not name it`,
      `eval $(${w.program} env --no-proxy ${name})`,
    )
  },
}

/** Never sent to a proxy, by Go's rule. */
const isLocal = (host: string) => host === 'localhost' || /^127\./.test(host) || host === '::1'

/** Whether no_proxy excepts the host, as Go's client reads it: names with those below them, addresses, networks, '*'. */
export function isExcepted(host: string, port: string, noProxy: string): boolean {
  return noProxy
    .split(',')
    .map(entry => entry.trim().toLowerCase())
    .some(entry => {
      if (entry === '*') return true
      const [, network = '', bits] = /^(.*)\/(\d+)$/.exec(entry) ?? []
      if (bits !== undefined) return isIP(host) !== 0 && inNetwork(host, network, Number(bits))
      const [, name = entry, only] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? []
      if (only !== undefined && only !== port) return false
      const plain = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '')
      return (
        plain !== '' && (host.toLowerCase() === plain || (isIP(host) === 0 && host.toLowerCase().endsWith(`.${plain}`)))
      )
    })
}

function inNetwork(host: string, network: string, bits: number): boolean {
  const family = isIP(network)
  if (family === 0 || family !== isIP(host) || bits > (family === 4 ? 32 : 128)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, bits, type)
  return list.check(host, type)
}
