/** A network to be made. */
import { any, fields, type Judge, map, oneOf, text, unset } from '../judge.ts'

/**
 * Options of the drivers an operator may set. Not among them: the name of the bridge, which can be one the host has, and its
 * gateway mode, which opens ports nobody published.
 */
const OPTIONS = [
  ...['com.docker.network.bridge.enable_icc', 'com.docker.network.bridge.enable_ip_masquerade'],
  ...['com.docker.network.bridge.host_binding_ipv4', 'com.docker.network.driver.mtu', 'encrypted'],
]

export const network: Judge = fields({
  Name: any,
  CheckDuplicate: any,
  Driver: oneOf(['', 'bridge', 'overlay'], 'make networks of drivers other than bridge and overlay'),
  Scope: any,
  EnableIPv4: any,
  EnableIPv6: any,
  IPAM: fields({
    Driver: oneOf(['', 'default'], 'use address management other than the default'),
    Options: unset('give address management options'),
    Config: any,
  }),
  Internal: any,
  Attachable: any,
  Ingress: unset('make the ingress network of a swarm'),
  ConfigOnly: unset('make configurations of networks'),
  ConfigFrom: fields({ Network: unset('make networks from configurations') }),
  Options: map(text(key => (OPTIONS.includes(key) ? undefined : 'set this option of a network'))),
  Labels: map(any),
})
