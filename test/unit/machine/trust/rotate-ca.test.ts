import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { pingEngine } from '../../../../src/engine/ping.ts'
import { clientMaterial } from '../../../../src/machine/authority.ts'
import { environmentOf } from '../../../../src/machine/connect.ts'
import { issueCertificate } from '../../../../src/machine/trust/issue.ts'
import { listCertificates } from '../../../../src/machine/trust/list.ts'
import { revokeCertificates } from '../../../../src/machine/trust/revoke.ts'
import { finishRotation, rotateCa } from '../../../../src/machine/trust/rotate-ca.ts'
import { verify } from '../../../kit/openssl.ts'
import { ID1, ID2, startTrustStore, type TrustStore } from './fixtures.ts'

jest.setTimeout(60_000)
let store: TrustStore
beforeEach(async () => {
  store = await startTrustStore()
})
afterEach(async () => await store[Symbol.asyncDispose]())

const count = (pem: string) => pem.match(/BEGIN/g)?.length

test('a new CA beside the old one, then alone', async () => {
  const [dev, other] = [await store.agent('dev', ID1), await store.agent('other', ID2)]
  await store.classic('old')
  const before = { ca: store.read('certs', 'ca.pem'), cert: store.read('certs', 'cert.pem') }
  const anna = await issueCertificate(
    { label: 'anna', role: 'viewer', days: 7 },
    { ...store.w, now: () => new Date(Date.now() - 3_600_000) },
  )
  await revokeCertificates(['4A'.repeat(16)], store.w)
  expect(await rotateCa(store.w)).toEqual({
    stage: 'both',
    machines: ['dev', 'other'],
    byHand: ['old'],
    oldCertificates: ['anna'],
  })
  const both = store.read('certs', 'ca.pem')
  expect(count(both)).toBe(2)
  expect(both).toContain(before.ca)
  const newest = new X509Certificate(both).toString()
  expect(verify(store.read('certs', 'cert.pem'), newest)).toMatchObject({ ok: true })
  expect(store.read('machines', 'old', 'cert.pem')).toBe(before.cert)
  expect(existsSync(join(store.path, 'certs', 'ca-next-key.pem'))).toBe(false)
  for (const agent of [dev, other]) {
    expect(verify(agent.trust().cert, newest)).toMatchObject({ ok: true })
    // What the old CA issued still works, also for those who know no other.
    const { ca, cert, key } = anna
    for (const known of [ca, both])
      expect((await pingEngine({ url: agent.url, ca: known, cert, key })).version).toBe('28.5.2')
    expect(ca).toBe(before.ca)
  }
  expect(count(store.read('machines', 'dev', 'server.pem'))).toBe(1)
  await environmentOf('dev', store.w)

  expect(await finishRotation(store.w)).toMatchObject({ stage: 'done', oldCertificates: ['anna'] })
  expect(store.read('certs', 'ca.pem')).toBe(newest)
  for (const agent of [dev, other]) {
    expect(agent.trust().ca).toBe(newest)
    expect(count(agent.trust().cert)).toBe(1)
    expect(JSON.parse(agent.trust().revoked?.payload ?? '').serials).toContain('4A'.repeat(16))
    const { cert, key } = anna
    await expect(pingEngine({ url: agent.url, ca: newest, cert, key })).rejects.toMatchObject({
      code: expect.stringMatching(/^ENGINE_/),
    })
    expect((await pingEngine({ url: agent.url, ...(await clientMaterial(store.w)) })).version).toBe('28.5.2')
  }
  expect((await listCertificates(store.w)).map(row => row.state)).toEqual(['valid', 'revoked'])
  await environmentOf('other', store.w)
  await expect(finishRotation(store.w)).rejects.toMatchObject({ code: 'NOT_ROTATING' })
})

test('it waits until every agent can be reached, and goes on then', async () => {
  const dev = await store.agent('dev', ID1)
  const gone = await store.agent('other', ID2)
  await gone[Symbol.asyncDispose]()
  const before = store.read('certs', 'ca.pem')
  await expect(rotateCa(store.w)).rejects.toMatchObject({
    code: 'NOT_TOLD',
    message: expect.stringContaining('other: Host is not running'),
  })
  expect(store.read('certs', 'ca.pem')).toBe(before)
  await environmentOf('dev', store.w)
  await store.agent('other', ID2)
  const promised = store.read('certs', 'ca-next.pem')
  await rotateCa(store.w)
  expect(store.read('certs', 'ca.pem')).toBe(promised + before)
  expect(dev.trust().ca).toBe(promised + before)
})

test('a crash anywhere is gone on from', async () => {
  const dev = await store.agent('dev', ID1)
  const act = async (w = store.w) => {
    await rotateCa(w)
    await finishRotation(w)
  }
  const seen = new Set<string>()
  for (let at = 0; ; at++) {
    let passed = 0
    const point = (label: string) => {
      if (passed++ < at) return
      seen.add(label)
      throw new Error('crash')
    }
    const crashed = await act({ ...store.w, point }).then(
      () => false,
      () => true,
    )
    await environmentOf('dev', store.w)
    if (!crashed) break
    await act()
    await environmentOf('dev', store.w)
  }
  expect(seen.size).toBeGreaterThan(8)
  const newest = store.read('certs', 'ca.pem')
  expect(count(newest)).toBe(1)
  expect(dev.trust().ca).toBe(newest)
  expect(verify(dev.trust().cert, newest)).toMatchObject({ ok: true })
})
