/** Connections to an agent that no client would make: the same ones for the same seed. */
import { connect as connectTcp, type Socket } from 'node:net'
import { connect } from 'node:tls'
import type { Dial } from './dial.ts'

export interface Random {
  /** A whole number from 0 to below `below`. */
  upTo(below: number): number
  pick<T>(values: readonly T[]): T
  /** Bytes of any value, as latin1. */
  bytes(length: number): string
}

/** mulberry32: small, and the same on every computer. */
export function randomOf(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const upTo = (below: number) => Math.floor(next() * below)
  return {
    upTo,
    pick: values => values[upTo(values.length)] as (typeof values)[number],
    bytes: length => Array.from({ length }, () => String.fromCharCode(upTo(256))).join(''),
  }
}

const WHOLE =
  'POST /v1.45/containers/create?name=fuzz HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
const PIECES = [
  '\r\n',
  '\r\n\r\n',
  '\0',
  ' ',
  ':',
  '%',
  '/../',
  '\r',
  '\n',
  'HTTP/1.1',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 9\r\n',
  'Upgrade: h2c\r\nConnection: Upgrade\r\n',
  '0\r\n\r\n',
  'Expect: 100-continue\r\n',
  '/_machine/certs',
  '\xff\xfe',
]

/** A request in which one to eight things were cut out, changed or put in; no two alike. */
export function fuzzedRequest(random: Random): string {
  let text = random.pick([
    WHOLE,
    WHOLE.replace('POST', 'GET'),
    WHOLE.replace('Content-Length: 2', 'Transfer-Encoding: chunked').replace('{}', '2\r\n{}\r\n0\r\n\r\n'),
  ])
  for (let changes = 1 + random.upTo(8); changes > 0; changes--) {
    const at = random.upTo(text.length + 1)
    const cut = random.pick([0, 0, 1, 4, 30])
    const put = random.pick([
      '',
      random.pick(PIECES),
      random.bytes(1 + random.upTo(20)),
      'x'.repeat(random.pick([10, 300, 9000])),
    ])
    text = text.slice(0, at) + put + text.slice(at + cut)
  }
  return text
}

export interface Leave {
  /** When it leaves if nothing was answered by then. */
  readonly patienceMs: number
  /** Without a word: the connection is reset. */
  readonly rude?: boolean
}

/** Says it over mutual TLS, and leaves when something is answered. */
export function sayAndLeave(to: Dial, text: string, leave: Leave): Promise<void> {
  const { host, port, ca, client } = to
  const raw = connectTcp({ host, port })
  const tls = { ca, cert: client.certPem, key: client.keyPem, checkServerIdentity: () => undefined }
  const socket = connect({ socket: raw, ...tls }, () => socket.write(text, 'latin1'))
  return leaving(socket, raw, leave)
}

/** Says bytes that are no TLS, or begin as TLS and go on as something else. */
export function sayRaw({ host, port }: Dial, text: string, leave: Leave): Promise<void> {
  const socket = connectTcp({ host, port }, () => socket.write(text, 'latin1'))
  return leaving(socket, socket, leave)
}

/** Shakes hands as a client that wants other protocols. */
export function offerAlpn({ host, port, ca, client }: Dial, protocols: string[], leave: Leave): Promise<void> {
  const socket = connect({ host, port, ca, cert: client.certPem, key: client.keyPem, ALPNProtocols: protocols })
  return leaving(socket, socket, leave)
}

function leaving(socket: Socket, raw: Socket, { patienceMs, rude }: Leave): Promise<void> {
  return new Promise(resolve => {
    const leave = () => (rude ? raw.resetAndDestroy() : socket.destroy())
    const timer = setTimeout(leave, patienceMs)
    socket.on('error', () => {})
    raw.on('error', () => {})
    socket.once('data', () => setImmediate(leave))
    socket.once('end', leave)
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
