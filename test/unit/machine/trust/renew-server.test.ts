import { X509Certificate } from 'node:crypto'
import { Agent, get } from 'node:https'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { clientMaterial } from '../../../../src/machine/authority.ts'
import { environmentOf } from '../../../../src/machine/connect.ts'
import { listMachines } from '../../../../src/machine/list.ts'
import { loadRecord } from '../../../../src/machine/load.ts'
import { regenerateCerts } from '../../../../src/machine/regenerate-certs.ts'
import { issueCertificate } from '../../../../src/machine/trust/issue.ts'
import { renewIfDue } from '../../../../src/machine/trust/renew-server.ts'
import { revokeSerials } from '../../../../src/machine/trust/revocations.ts'
import { ID1, startTrustStore, type TrustStore } from './fixtures.ts'

jest.setTimeout(60_000)
let store: TrustStore
beforeEach(async () => {
  store = await startTrustStore()
})
afterEach(async () => await store[Symbol.asyncDispose]())

const serialOf = (pem: string) => new X509Certificate(pem).serialNumber
const told = (type: string) => store.events.flatMap(e => (e.type === type && 'text' in e ? [e.text] : []))

test('regenerate-certs asks the agent, drops no connection, and brings the list along', async () => {
  const dev = await store.agent('dev', ID1)
  const anna = await issueCertificate({ label: 'anna', role: 'viewer', days: 7 }, store.w)
  await revokeSerials([anna.certificate.serial], store.w)
  const { ca, cert, key } = await clientMaterial(store.w)
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = () =>
    new Promise<number | undefined>((resolve, reject) =>
      get({ host: '127.0.0.1', port: dev.port, path: '/_ping', ca, cert, key, agent: kept }, answer => {
        answer.resume().on('end', () => resolve(answer.statusCode))
      }).on('error', reject),
    )
  expect(await ask()).toBe(200)
  const sockets = Object.values(kept.freeSockets).flat()
  const before = serialOf(dev.trust().cert)
  const done = await regenerateCerts('dev', store.w)
  expect(done.serial).not.toBe(before)
  expect(serialOf(dev.trust().cert)).toBe(done.serial)
  expect(serialOf(store.read('machines', 'dev', 'server.pem'))).toBe(done.serial)
  expect(await ask()).toBe(200)
  expect(Object.values(kept.freeSockets).flat()).toEqual(sockets)
  kept.destroy()
  expect(dev.trust().revoked?.payload).toContain(anna.certificate.serial)
})

test.each([
  ['29 days left', 29, true],
  ['31 days left', 31, false],
])('a certificate with %s is renewed by whatever sees it: %s', async (_, days, renews) => {
  const dev = await store.agent('dev', ID1, days)
  const before = serialOf(dev.trust().cert)
  await environmentOf('dev', store.w)
  expect(told('debug')).toEqual([])
  expect(serialOf(dev.trust().cert) !== before).toBe(renews)
  expect(told('info')).toEqual(renews ? [expect.stringMatching(/^Renewed the server certificate of "dev"/)] : [])
})

test('ls renews one, too', async () => {
  const dev = await store.agent('dev', ID1, 10)
  const before = serialOf(dev.trust().cert)
  const [row] = await listMachines(store.w)
  expect(row).toMatchObject({ state: 'Running', docker: 'v28.5.2' })
  expect(serialOf(dev.trust().cert)).not.toBe(before)
})

test('it waits for nobody, needs the key of the CA, and fails nothing', async () => {
  const dev = await store.agent('dev', ID1, 10)
  const record = await loadRecord(store.w.store, 'dev')
  const soon = new Date(Date.now() + 86_400_000)
  {
    const other = { ...store.w, store: (await import('../../../../src/store/store.ts')).openStore(store.path) }
    await using _lock = await other.store.lock('dev', { purpose: 'something long' })
    expect(await renewIfDue(record, store.w, soon)).toBe(false)
  }
  await store.w.store.renameFile(['certs', 'ca-key.pem'], ['certs', 'away.pem'])
  expect(await renewIfDue(record, store.w, soon)).toBe(false)
  await store.w.store.renameFile(['certs', 'away.pem'], ['certs', 'ca-key.pem'])
  expect(await renewIfDue(record, store.w, soon)).toBe(true)
  await dev[Symbol.asyncDispose]()
  expect(await renewIfDue(record, store.w, soon)).toBe(false)
  expect(told('warn')).toEqual([])
})
