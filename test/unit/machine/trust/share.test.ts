import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { pingEngine } from '../../../../src/engine/ping.ts'
import { clientMaterial } from '../../../../src/machine/authority.ts'
import { environmentOf } from '../../../../src/machine/connect.ts'
import { importMachine } from '../../../../src/machine/import.ts'
import { loadRecord } from '../../../../src/machine/load.ts'
import { worldFor } from '../../../../src/machine/own-authority.ts'
import { listCertificates } from '../../../../src/machine/trust/list.ts'
import { certificateToRenew, renewCertificate } from '../../../../src/machine/trust/renew.ts'
import { revokeCertificates } from '../../../../src/machine/trust/revoke.ts'
import { shareMachine } from '../../../../src/machine/trust/share.ts'
import { Secret } from '../../../../src/ssh/quote.ts'
import { ID1, ID2, startTrustStore, type TrustStore } from './fixtures.ts'

jest.setTimeout(60_000)
let store: TrustStore
let hers: TrustStore
beforeEach(async () => {
  store = await startTrustStore()
  hers = await startTrustStore()
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await hers[Symbol.asyncDispose]()
})

const passphrase = async () => new Secret('correct horse')
const ask = (more: object = {}) => ({ label: 'anna', role: 'viewer' as const, days: 7, passphrase: undefined, ...more })

test('who imports what was shared uses this machine, in its role, until it is taken back', async () => {
  const dev = await store.agent('dev', ID1)
  const shared = await shareMachine('dev', ask({ passphrase }), store.w)
  expect(shared).toMatchObject({ kind: 'client', encrypted: true, certificate: { label: 'anna', role: 'viewer' } })
  expect(await importMachine(shared.bytes, hers.w, { passphrase })).toMatchObject({ name: 'dev', authority: 'own' })
  const variables = Object.fromEntries(await environmentOf('dev', hers.w))
  expect(variables.DOCKER_HOST).toBe(dev.url)

  const its = await clientMaterial(await worldFor(await loadRecord(hers.w.store, 'dev'), hers.w))
  expect(its.key).not.toBe(store.read('certs', 'key.pem'))
  expect((await pingEngine({ url: dev.url, ...its })).version).toBe('28.5.2')
  await revokeCertificates(['anna'], store.w)
  await expect(pingEngine({ url: dev.url, ...its })).rejects.toThrow('revoked')
  await expect(environmentOf('dev', hers.w)).rejects.toThrow('answered 403')
})

test('it is good for no other machine of the store', async () => {
  await store.agent('dev', ID1)
  const other = await store.agent('other', ID2)
  const { bytes } = await shareMachine('dev', ask(), store.w)
  await importMachine(bytes, hers.w, { passphrase })
  const its = await clientMaterial(await worldFor(await loadRecord(hers.w.store, 'dev'), hers.w))
  await expect(pingEngine({ url: other.url, ...its })).rejects.toThrow('for other machines')
})

test('an engine without the agent is shared with admins or not at all', async () => {
  await store.classic('old')
  await expect(shareMachine('old', ask(), store.w)).rejects.toMatchObject({
    code: 'AGENT_MISSING',
    message: 'machine "old" has no engine agent, so its engine knows no roles: every certificate is an admin there',
    suggestions: ['machine provision old --engine-agent=on gives it the agent'],
  })
  expect(await listCertificates(store.w)).toHaveLength(1)
  const { certificate } = await shareMachine('old', ask({ role: 'admin' }), store.w)
  expect(certificate).toMatchObject({ role: 'admin', machines: null })
  expect(store.events).toContainEqual(
    expect.objectContaining({ type: 'warn', text: expect.stringContaining('every machine of this CA') }),
  )
})

test('what cannot be bundled leaves no certificate behind', async () => {
  await store.agent('dev', ID1)
  const record = await loadRecord(store.w.store, 'dev')
  Object.assign(record.Machine ?? {}, { Phase: 'provisioning' })
  await store.w.store.writeText('dev', JSON.stringify(record))
  await expect(shareMachine('dev', ask(), store.w)).rejects.toMatchObject({ code: 'HALF_MADE' })
  expect(await listCertificates(store.w)).toHaveLength(1)
})

test('renewed it is the same with a new key; the old one stays until it is revoked', async () => {
  const dev = await store.agent('dev', ID1)
  const first = await shareMachine('dev', ask({ days: 3 }), store.w)
  const found = await certificateToRenew('anna', store.w)
  const next = await renewCertificate(found, undefined)
  expect(next.certificate).toMatchObject({ label: 'anna', role: 'viewer', machines: [{ name: 'dev', id: ID1 }] })
  expect(next.old).toBe(first.certificate.serial)
  expect(Math.round((Date.parse(next.certificate.notAfter) - Date.now()) / 86_400_000)).toBe(3)
  await expect(certificateToRenew('anna', store.w)).rejects.toMatchObject({ code: 'AMBIGUOUS' })
  await revokeCertificates([next.old], store.w)
  expect((await pingEngine({ url: dev.url, ca: next.ca, cert: next.cert, key: next.key })).version).toBe('28.5.2')
  expect((await listCertificates(store.w)).map(row => row.state)).toEqual(['valid', 'revoked', 'valid'])
})
