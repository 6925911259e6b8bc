/** Whom TLS lets in before anything is asked: certificates of our CAs themselves, for clients, in force, each time anew. */

import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import { expect, test } from '@jest/globals'
import { issuerProblem } from '../../../../agent/trust/client.ts'
import { signedBy } from '../../../../agent/trust/pem.ts'
import { build, type Parts, PURPOSE, privateKey, publicKey, USAGE } from '../../../../src/certs/build.ts'
import { issueClientCert, type KeyAndCert } from '../../../../src/certs/index.ts'
import { startRelay } from '../../../kit/relay.ts'

const HOUR_MS = 3_600_000
const REQUEST = 'GET /info HTTP/1.1\r\nHost: d\r\n\r\n'

async function start() {
  const relay = await startRelay(socket => {
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
  })
  const { cas } = relay.authority.material
  relay.hub.problemOf = (_client, certificate) =>
    cas.some(ca => signedBy(certificate, ca)) ? undefined : 'not signed by a CA in force'
  return relay
}

async function made(by: KeyAndCert, more: Partial<Parts>): Promise<KeyAndCert> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const certPem = await build({
    subject: { organization: 'somebody' },
    publicKey: publicKey(spki),
    notBefore: new Date(Date.now() - HOUR_MS),
    notAfter: new Date(Date.now() + HOUR_MS),
    usage: [USAGE.digitalSignature],
    purpose: PURPOSE.client,
    ca: false,
    signer: { key: privateKey(by.keyPem), certPem: by.certPem },
    ...more,
  })
  return { certPem, keyPem: pair.privateKey.export({ type: 'sec1', format: 'pem' }).toString() }
}

const below = async (ca: KeyAndCert, more: Partial<Parts>) => {
  const between = await made(ca, more)
  const last = await made(between, {})
  return { ...last, certPem: last.certPem + between.certPem }
}

test.each<[string, (ca: KeyAndCert) => Promise<KeyAndCert>]>([
  ["a server's", ca => made(ca, { purpose: PURPOSE.server })],
  ['an expired one', ca => made(ca, { notAfter: new Date(Date.now() - 1000) })],
  ['one that is not valid yet', ca => made(ca, { notBefore: new Date(Date.now() + HOUR_MS / 2) })],
  ['one issued by a client', ca => below(ca, {})],
])('%s is let in nowhere', async (_, make) => {
  await using relay = await start()
  const client = await relay.dial(await make(relay.authority.ca)).catch(() => undefined)
  if (client) {
    client.socket.write(REQUEST)
    expect(await client.closed()).toBe('')
  }
  expect(relay.engines).toEqual([])
})

test('one issued by a CA below ours passes TLS, and may ask nothing', async () => {
  await using relay = await start()
  const { ca, material } = relay.authority
  relay.hub.problemOf = (_, certificate) => issuerProblem(certificate, material.cas)
  const client = await relay.dial(await below(ca, { ca: true, usage: [USAGE.keyCertSign] }))
  expect(await client.say(REQUEST, 'trusted no longer')).toMatch(/^HTTP\/1\.1 403 /)
  expect(relay.engines).toEqual([])
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)('no session of %s is taken up again', async version => {
  await using relay = await start()
  const { ca } = relay.authority
  const client = await issueClientCert({ ca, owner: 'x', now: new Date() })
  const port = (relay.servers.listening[0]?.address() as AddressInfo | null)?.port ?? 0
  const to: ConnectionOptions = { host: '127.0.0.1', port, ca: ca.certPem, cert: client.certPem, key: client.keyPem }
  const first = connect({ ...to, maxVersion: version })
  const sessions: Buffer[] = []
  first.on('session', session => sessions.push(session))
  first.write(REQUEST)
  await new Promise(resolve => first.once('data', resolve))
  const session = sessions.at(-1) ?? first.getSession()
  first.destroy()
  const second = connect({ ...to, maxVersion: version, ...(session ? { session } : {}) })
  second.write(REQUEST)
  await new Promise(resolve => second.once('data', resolve))
  expect(second.isSessionReused()).toBe(false)
  second.destroy()
})
