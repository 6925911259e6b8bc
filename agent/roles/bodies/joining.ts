/** Joining networks: which, and as what. */
import { any, fields, type Judge, list, map, text, unset } from '../judge.ts'
import type { RoleOptions } from '../options.ts'

const HOST = "use the host's network"
const ENDPOINT_OPTIONS = ['com.docker.network.endpoint.sysctls', 'com.docker.network.endpoint.ifname']
/** Names the engine gives itself, which look like the beginning of a swarm's id. */
const PREDEFINED = ['default', 'bridge', 'none', 'ingress']

export const endpoint: Judge = fields({
  IPAMConfig: any,
  Links: any,
  Aliases: any,
  MacAddress: any,
  DriverOpts: map(text(key => (ENDPOINT_OPTIONS.includes(key) ? undefined : 'set this option of a network'))),
  GwPriority: any,
  NetworkID: unset('choose a network here'),
  EndpointID: any,
  Gateway: any,
  IPAddress: any,
  IPPrefixLen: any,
  IPv6Gateway: any,
  GlobalIPv6Address: any,
  GlobalIPv6PrefixLen: any,
  DNSNames: any,
})

export const connect: Judge = fields({ Container: any, EndpointConfig: endpoint })

export const disconnect: Judge = fields({ Container: any, Force: any })

/** How a container names its networks. */
export function networkName(options: RoleOptions): Judge {
  return text(name => problem(name, /^[0-9a-f]+$/, options))
}

/** The same in a service: ids of a swarm are made of all letters. */
export function serviceNetworks(options: RoleOptions): Judge {
  const target = text(name => problem(name, /^[0-9a-z]+$/, options))
  return list(fields({ Target: target, Aliases: any, DriverOpts: unset('set options of a network here') }))
}

function problem(name: string, id: RegExp, { hostNetworks }: RoleOptions): string | undefined {
  if (name === 'host') return HOST
  if (name.includes(':')) return "join another container's network, which may be the host's"
  if (hostNetworks) return name !== '' && hostNetworks.some(one => one.startsWith(name)) ? HOST : undefined
  if (PREDEFINED.includes(name) || !id.test(name)) return undefined
  return "name a network by what may be an id, since it may be that of the host's"
}
