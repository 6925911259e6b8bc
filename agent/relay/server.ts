/** The TLS servers: one for each listening socket, all with the same certificates and clients. */
import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { clientOf } from '../trust/client.ts'
import type { Material } from '../trust/material.ts'
import { Connection } from './connection.ts'
import type { Hub } from './hub.ts'
import { LIMITS } from './limits.ts'
import { createShares } from './shares.ts'

export interface ServerEvents {
  opened(): void
  closed(): void
  handshakeFailed(reason: string): void
}

export interface Servers {
  /** Where it listens. */
  readonly listening: readonly Server[]
  listen(on: { readonly fd: number } | { readonly port: number; readonly backlog: number }): Promise<void>
  /** Serves a connection that another process has accepted. */
  inject(connection: Socket): void
  /** New connections get these; those that are open stay as they are. */
  setMaterial(material: Material): void
  /** Cuts what is under way for clients that may ask nothing any more. */
  recheck(): void
  /** Takes no more connections; resolves when those that are open have ended. */
  drain(): Promise<void>
  /** Ends connections that wait for a request. */
  endIdle(): void
  destroyAll(): void
}

const SWEEP_MS = 1000

export function createServers(material: Material, hub: Hub, events: ServerEvents): Servers {
  const listening: Server[] = []
  const open = new Set<Connection>()
  const shares = createShares()
  let now = material
  /** Connections that have not shown a certificate yet, by the client's address and port, and since when. */
  const handshakes = new Map<string, { readonly since: number; readonly raw: Socket }>()
  let whenEmpty: (() => void) | undefined
  const maybeEmpty = () => {
    if (open.size === 0 && handshakes.size === 0) whenEmpty?.()
  }
  const secured = (from: string) => {
    if (handshakes.delete(from)) maybeEmpty()
  }
  const sweeper = setInterval(() => {
    const now = performance.now()
    for (const connection of open) connection.sweep(now)
    // TLS' own timer starts anew with each byte of a handshake; this one does not.
    for (const [from, { since, raw }] of handshakes) {
      if (now - since < LIMITS.headMs) continue
      raw.destroy()
      secured(from)
    }
  }, SWEEP_MS)
  sweeper.unref()

  const serve = (socket: TLSSocket) => {
    const certificate = socket.getPeerX509Certificate()
    if (!certificate) return socket.destroy()
    const share = shares.enter(certificate.serialNumber)
    if (!share) return socket.destroy()
    socket.setNoDelay(true)
    const connection = new Connection(socket, clientOf(certificate), certificate, hub, share)
    open.add(connection)
    events.opened()
    socket.once('close', () => {
      open.delete(connection)
      share.leave()
      events.closed()
      maybeEmpty()
    })
  }
  /** The longest under way gives way, not the newest: who fills the places with silence would keep everybody else out. */
  const makeRoom = ({ remoteAddress }: Socket) => {
    const all = [...handshakes.values()]
    const ofAddress = all.filter(({ raw }) => raw.remoteAddress === remoteAddress)
    if (ofAddress.length > LIMITS.handshakesOfAddress) ofAddress[0]?.raw.destroy()
    else if (all.length > LIMITS.handshakes) all[0]?.raw.destroy()
  }
  const created = () => {
    const server = createServer(contextOf(now), socket => {
      serve(socket)
      secured(nameOf(socket))
    })
    server.maxConnections = LIMITS.connections
    server.on('connection', (raw: Socket) => {
      const name = nameOf(raw)
      handshakes.set(name, { since: performance.now(), raw })
      raw.once('close', () => secured(name))
      makeRoom(raw)
    })
    server.on('tlsClientError', (error, socket) => {
      events.handshakeFailed(reasonOf(error))
      secured(nameOf(socket))
      socket.destroy() // Node leaves it open when its time is over
    })
    return server
  }
  let injected: Server | undefined
  return {
    listening,
    inject(connection) {
      injected ??= created()
      connection.allowHalfOpen = true // one that came as a message has it off, and a client's end would end the engine's answer
      injected.emit('connection', connection)
    },
    async listen(on) {
      const server = created()
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(on, () => {
          server.off('error', reject)
          resolve()
        })
      })
      listening.push(server)
    },
    setMaterial(next) {
      now = next
      for (const server of [...listening, ...(injected ? [injected] : [])]) server.setSecureContext(contextOf(next))
    },
    recheck() {
      for (const connection of open) connection.recheck()
    },
    async drain() {
      for (const server of listening) server.close()
      await new Promise<void>(resolve => {
        whenEmpty = resolve
        maybeEmpty()
      })
    },
    endIdle() {
      for (const connection of open) connection.endIdle()
    },
    destroyAll() {
      for (const connection of open) connection.cut('the agent ends')
    },
  }
}

/**
 * OpenSSL's own choice less what is not forward secret or not authenticated, AES-128 first as Go has it: a third less work
 * for a gigabyte on both sides.
 */
const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':')

function contextOf({ keyPem, certPem, caPem }: Material) {
  return {
    key: keyPem,
    cert: certPem,
    ca: caPem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ciphers: CIPHERS,
    honorCipherOrder: true,
    allowHalfOpen: true,
    noDelay: true,
    handshakeTimeout: LIMITS.headMs,
    // A resumed session would bring back a client nobody has looked at since: certificates are checked at each connection.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  } as const
}

/** An address stays known when a socket is gone only where it was asked for before: so it is, at the first look. */
const NAMES = new WeakMap<Socket, string>()

function nameOf(socket: Socket): string {
  const known = NAMES.get(socket)
  if (known !== undefined) return known
  const name = `${socket.remoteAddress} ${socket.remotePort}`
  NAMES.set(socket, name)
  return name
}

/** Why a handshake failed, in OpenSSL's word for it: one of a small number, for the metrics. */
function reasonOf(error: Error): string {
  const { code = 'other' } = error as NodeJS.ErrnoException
  return /^[A-Z0-9_]{3,60}$/.test(code) ? code : 'other'
}
