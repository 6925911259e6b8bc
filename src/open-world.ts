/** The world as the command line and the library see it. */
import { bareWorld, type WorldOptions } from './bare-world.ts'
import type { World } from './machine/world.ts'

export { Interrupted, interrupt, type WorldOptions } from './bare-world.ts'

export function openWorld(o: WorldOptions): World {
  return { ...bareWorld(o), dial: async options => (await import('./ssh/dial.ts')).dial(options) }
}

/** Where CA and client files lie elsewhere than in the store: what was named, else what variables name. */
export function tlsPathsOf(env: WorldOptions['env'], named: WorldOptions['tlsPaths']): WorldOptions['tlsPaths'] {
  return {
    caCert: named.caCert || env.MACHINE_TLS_CA_CERT,
    caKey: named.caKey || env.MACHINE_TLS_CA_KEY,
    clientCert: named.clientCert || env.MACHINE_TLS_CLIENT_CERT,
    clientKey: named.clientKey || env.MACHINE_TLS_CLIENT_KEY,
  }
}
