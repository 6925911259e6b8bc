/** The agent's relay in this process, in front of a unix socket that a test answers as it likes. */
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Entry } from '../../agent/audit/entry.ts'
import type { Hub } from '../../agent/relay/hub.ts'
import { createServers } from '../../agent/relay/server.ts'
import type { Material } from '../../agent/trust/material.ts'
import { certificatesIn } from '../../agent/trust/pem.ts'
import { createCa, issueClientCert, issueServerCert, type KeyAndCert } from '../../src/certs/index.ts'
import { type Dialled, dial } from './dial.ts'

const NOW = { owner: 'test', now: new Date() }

export interface Authority {
  readonly ca: KeyAndCert
  readonly client: KeyAndCert
  readonly material: Material
}

export async function newAuthority(): Promise<Authority> {
  const ca = await createCa(NOW)
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const certPem = await issueServerCert({ ...NOW, ca, publicKeyPem, machine: 'm', names: ['127.0.0.1'] })
  const [cert] = certificatesIn(certPem)
  if (!cert) throw new Error('no certificate')
  return {
    ca,
    client: await issueClientCert({ ...NOW, ca }),
    material: {
      keyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      certPem,
      cert,
      caPem: ca.certPem,
      cas: certificatesIn(ca.certPem),
      signed: null,
      revocations: { number: 0, serials: [] },
      problems: [],
    },
  }
}

export interface Relay extends AsyncDisposable {
  readonly authority: Authority
  readonly entries: Entry[]
  /** Connections the engine has, open or not. */
  readonly engines: Socket[]
  readonly servers: ReturnType<typeof createServers>
  /** What the hub says may be changed by the test. */
  readonly hub: { -readonly [K in keyof Hub]: Hub[K] }
  /** A connection with the client's certificate, which reads along. */
  dial(client?: KeyAndCert): Promise<Dialled>
  [Symbol.asyncDispose](): Promise<void>
}

/** @param engine called with each connection to the engine */
export async function startRelay(engine: (socket: Socket) => void): Promise<Relay> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'))
  const path = join(folder, 'engine.sock')
  const engines: Socket[] = []
  const server = createServer({ allowHalfOpen: true }, socket => {
    engines.push(socket)
    socket.on('error', () => {})
    engine(socket)
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  const authority = await newAuthority()
  const entries: Entry[] = []
  const hub: { -readonly [K in keyof Hub]: Hub[K] } = {
    socket: path,
    draining: false,
    problemOf: () => undefined,
    decide: ({ path }) => ({ allow: true, hijack: /\/(attach|start)$/.test(path) }),
    own: async ({ body }) => ({ status: 200, type: 'text/plain', body: `own ${body}` }),
    record: entry => entries.push(entry),
    badRequest: () => {},
    streamOpened: () => {},
    streamClosed: () => {},
  }
  const servers = createServers(authority.material, hub, {
    opened: () => {},
    closed: () => {},
    handshakeFailed: () => {},
  })
  await servers.listen({ port: 0, backlog: 10 })
  const port = (servers.listening[0]?.address() as AddressInfo | undefined)?.port ?? 0
  return {
    authority,
    entries,
    engines,
    servers,
    hub,
    dial: (client = authority.client) => dial({ host: '127.0.0.1', port, ca: authority.ca.certPem, client }),
    async [Symbol.asyncDispose]() {
      servers.destroyAll()
      const drained = servers.drain()
      for (const socket of engines) socket.destroy()
      server.close()
      await drained
      await rm(folder, { recursive: true, force: true })
    },
  }
}
