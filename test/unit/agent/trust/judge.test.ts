/** Which changes of certificates, CAs and revocations an agent takes. */
import { X509Certificate } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { newKeyRequest } from '../../../../agent/trust/csr.ts'
import { judge, TrustProblem } from '../../../../agent/trust/judge.ts'
import type { Material } from '../../../../agent/trust/material.ts'
import { certificatesIn } from '../../../../agent/trust/pem.ts'
import {
  createCa,
  issueClientCert,
  issueCrossCert,
  issueServerCert,
  type KeyAndCert,
  signRevocations,
} from '../../../../src/certs/index.ts'
import { newAuthority } from '../../../kit/relay.ts'

const clock = new Date()
const opts = { owner: 'test', now: clock }
const has = (part: string) => expect.objectContaining({ message: expect.stringContaining(part) })

async function setUp(more: Partial<Material> = {}) {
  const { ca, client, material } = await newAuthority()
  const pending = newKeyRequest('host')
  const at = {
    now: { ...material, ...more },
    pendingKeyPem: pending.keyPem,
    asker: new X509Certificate(client.certPem),
    clock,
  }
  const server = (by: KeyAndCert, publicKeyPem = pending.publicKey) =>
    issueServerCert({ ...opts, ca: by, publicKeyPem, machine: 'm', names: ['127.0.0.1'] })
  return { ca, at, pending, server }
}

test('a certificate for the pending key, by the CA in force, is taken with that key', async () => {
  const { ca, at, pending, server } = await setUp()
  const cert = await server(ca)
  expect(judge({ cert }, at).identity).toBe(`${pending.keyPem.trim()}\n${cert.trim()}\n`)
})

test('one for the key in use, too', async () => {
  const { ca, at, server } = await setUp()
  const own = at.now.cert.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const cert = await server(ca, own)
  expect(judge({ cert }, { ...at, pendingKeyPem: undefined }).identity).toContain(at.now.keyPem.trim())
})

test.each<[string, (o: Awaited<ReturnType<typeof setUp>>) => Promise<string>]>([
  ['none of the CAs in force signed', async o => o.server(await createCa(opts))],
  ['belongs to no key of this host', async o => o.server(o.ca, newKeyRequest('other').publicKey)],
  ['is not one for servers', async o => (await issueClientCert({ ...opts, ca: o.ca })).certPem],
  ['there is no certificate', async () => 'nonsense'],
])('a server certificate is refused: %s', async (why, make) => {
  const o = await setUp()
  const cert = await make(o)
  expect(() => judge({ cert }, o.at)).toThrow(has(why))
})

test('an expired server certificate is refused', async () => {
  const { ca, at, server } = await setUp()
  const cert = await server(ca)
  const later = { ...at, clock: new Date(clock.getTime() + 400 * 86_400_000) }
  expect(() => judge({ cert }, later)).toThrow(has('not valid now'))
})

test('a new CA needs a cross certificate by one that is in force', async () => {
  const { ca, at } = await setUp()
  const next = await createCa(opts)
  const both = `${ca.certPem}${next.certPem}`
  const cross = await issueCrossCert({ ca, newCaPem: next.certPem, now: clock })
  expect(() => judge({ ca: both }, at)).toThrow(has('not signed by one that is in force'))
  expect(judge({ ca: both, cross }, at)).toEqual({ ca: both })

  const strange = await createCa(opts)
  const itsOwn = await issueCrossCert({ ca: strange, newCaPem: next.certPem, now: clock })
  expect(() => judge({ ca: both, cross: itsOwn }, at)).toThrow(TrustProblem)
  const ofAnother = await issueCrossCert({ ca, newCaPem: strange.certPem, now: clock })
  expect(() => judge({ ca: both, cross: ofAnother }, at)).toThrow(TrustProblem)
})

test('the old CA goes only when whoever asks has a certificate of one that stays', async () => {
  const { ca, at, server } = await setUp()
  const next = await createCa(opts)
  const now = { ...at.now, caPem: `${ca.certPem}${next.certPem}`, cas: certificatesIn(`${ca.certPem}${next.certPem}`) }
  expect(() => judge({ ca: next.certPem }, { ...at, now })).toThrow(has('lock yourself out'))
  const asker = new X509Certificate((await issueClientCert({ ...opts, ca: next })).certPem)
  const mine = { ...at, now, asker }
  expect(() => judge({ ca: next.certPem }, mine)).toThrow(has('nobody could check it'))
  const cert = await server(next)
  expect(judge({ ca: next.certPem, cert }, mine)).toMatchObject({ ca: next.certPem })
  const [certificate = now.cert] = certificatesIn(cert)
  const changed = { ...mine, now: { ...now, certPem: cert, cert: certificate } }
  expect(judge({ ca: next.certPem }, changed)).toEqual({ ca: next.certPem })
})

test.each(['X509', 'TRUSTED'])('a CA that only OpenSSL would see (BEGIN %s CERTIFICATE) is refused', async form => {
  const { ca, at } = await setUp()
  const hidden = (await createCa(opts)).certPem.replaceAll(' CERTIFICATE', ` ${form} CERTIFICATE`)
  expect(() => judge({ ca: `${ca.certPem}${hidden}` }, at)).toThrow(has('another form'))
})

test('what is no CA is none', async () => {
  const { ca, at } = await setUp()
  const { certPem } = await issueClientCert({ ...opts, ca })
  expect(() => judge({ ca: `${ca.certPem}${certPem}` }, at)).toThrow(has('is no CA'))
})

test('a revocation list is signed by a CA in force, and its number only rises', async () => {
  const { ca, at } = await setUp({ revocations: { number: 5, serials: ['AA'] } })
  const list = (number: number, serials: string[], by = ca) => signRevocations({ number, serials }, by.keyPem)
  expect(judge({ revoked: list(6, ['AA', 'BB']) }, at).revoked).toMatchObject({
    payload: '{"number":6,"serials":["AA","BB"]}',
  })
  expect(judge({ revoked: list(5, ['AA']) }, at).revoked).toBeDefined()
  expect(() => judge({ revoked: list(4, ['AA']) }, at)).toThrow(has('number 4, and 5 is in force'))
  expect(() => judge({ revoked: list(5, ['BB']) }, at)).toThrow(has('another revocation list'))
  const stranger = await createCa(opts)
  expect(() => judge({ revoked: list(6, [], stranger) }, at)).toThrow(has('none of the CAs in force signed it'))
  const forged = { ...list(6, ['AA']), payload: '{"number":7,"serials":[]}' }
  expect(() => judge({ revoked: forged }, at)).toThrow(TrustProblem)
  expect(() => judge({ revoked: list(7, [at.asker.serialNumber]) }, at)).toThrow(has('your own certificate'))
  expect(() => judge({ revoked: list(7, [`00${at.asker.serialNumber}`]) }, at)).toThrow(has('your own certificate'))
})

test('one part that will not do refuses all', async () => {
  const { ca, at, server } = await setUp()
  const cert = await server(ca)
  expect(() => judge({ cert, revoked: { payload: '{}', signature: '' } }, at)).toThrow(TrustProblem)
})
