/** Clients that mean no good: what they take of the agent has a bound, and nobody else notices. */
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { LIMITS } from '../../../../agent/relay/limits.ts'
import { issueClientCert } from '../../../../src/certs/index.ts'
import { type Relay, startRelay } from '../../../kit/relay.ts'

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: d\r\n${more}\r\n`

/** Answers everything that looks like a head with `said`. */
const answering = (said: string) => (socket: Socket) =>
  void socket.setEncoding('latin1').on('data', (text: string) => {
    for (const _ of text.matchAll(/\r\n\r\n/g)) socket.write(said)
  })

/** Resolves with how many requests were answered once no more are. */
async function settled(relay: Relay): Promise<number> {
  for (let before = -1; ; await sleep(300)) {
    if (before === relay.entries.length && before > 0) return before
    before = relay.entries.length
  }
}

test.each([
  ['refused', '/secret'],
  ["the agent's own", '/_machine/health'],
  ["the engine's, without a body", '/_ping'],
])(
  'requests without end whose answers nobody reads (%s) wait',
  async (_, path) => {
    await using relay = await startRelay(answering(`HTTP/1.1 204 No Content\r\nX-Long: ${'x'.repeat(500)}\r\n\r\n`))
    relay.hub.decide = asked =>
      asked.path === '/secret' ? { allow: false, message: 'no'.repeat(300) } : { allow: true, hijack: false }
    relay.hub.own = async () => ({ status: 200, type: 'text/plain', body: 'x'.repeat(600) })
    const client = await relay.dial()
    client.socket.pause()
    const requests = 20_000
    client.socket.write(get(path).repeat(requests))
    expect(await settled(relay)).toBeLessThan(requests)
    client.socket.resume()
    while (relay.entries.length < requests) await sleep(20)
  },
  60_000,
)

test('a head that comes byte by byte is one all the same', async () => {
  await using relay = await startRelay(answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  const client = await relay.dial()
  client.socket.setNoDelay(true)
  for (const byte of get('/a') + get('/b')) {
    client.socket.write(byte)
    await new Promise(setImmediate)
  }
  await client.hears(/ok[\s\S]*ok/)
  expect(relay.entries.map(entry => entry.path)).toEqual(['/a', '/b'])
})

test('a stream ends when its certificate does', async () => {
  await using relay = await startRelay(answering('HTTP/1.1 200 OK\r\n\r\nevent'))
  relay.hub.problemOf = client => (client.notAfter.getTime() < Date.now() ? 'it expired' : undefined)
  const { ca } = relay.authority
  const client = await relay.dial(await issueClientCert({ ca, owner: 'x', now: new Date(), days: 3 / 86_400 }))
  await client.say(get('/events'), 'event')
  await client.closed()
  expect(relay.entries[0]?.note).toBe('the certificate is good no longer')
}, 20_000)

test('connections that say nothing keep nobody out', async () => {
  await using relay = await startRelay(answering('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  const port = (relay.servers.listening[0]?.address() as AddressInfo | null)?.port ?? 0
  const silent: Socket[] = []
  for (let i = 0; i < LIMITS.handshakesOfAddress + 20; i++) {
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => {})
    await new Promise(resolve => socket.once('connect', resolve))
    silent.push(socket)
  }
  const client = await relay.dial()
  await client.say(get('/a'), 'ok')
  for (const socket of silent) socket.resetAndDestroy()
})

test('who may only look sends the agent no bodies worth the name', async () => {
  await using relay = await startRelay(() => {})
  const { ca } = relay.authority
  const viewer = await relay.dial(await issueClientCert({ ca, owner: 'v', now: new Date(), role: 'viewer' }))
  const head = 'POST /_machine/certs HTTP/1.1\r\nHost: d\r\nContent-Length: 1000000\r\n\r\n'
  viewer.socket.write(head + 'x'.repeat(1_000_000))
  expect(await viewer.closed()).toMatch(/^HTTP\/1\.1 413 /)
  const admin = await relay.dial()
  await admin.say(head + 'x'.repeat(1_000_000), 'own xxx')
})
