import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { signRevocations } from '../../../../src/certs/index.ts'
import { changeTrust } from '../../../../src/engine/agent.ts'
import { pingEngine } from '../../../../src/engine/ping.ts'
import { clientMaterial } from '../../../../src/machine/authority.ts'
import { type IssuedPair, issueCertificate, namedMachines } from '../../../../src/machine/trust/issue.ts'
import { listCertificates } from '../../../../src/machine/trust/list.ts'
import { revokeSerials } from '../../../../src/machine/trust/revocations.ts'
import { pushRevocations, revokeCertificates } from '../../../../src/machine/trust/revoke.ts'
import { ID1, ID2, startTrustStore, type TrustStore } from './fixtures.ts'

jest.setTimeout(60_000)
let store: TrustStore
beforeEach(async () => {
  store = await startTrustStore()
})
afterEach(async () => await store[Symbol.asyncDispose]())

const issue = (label: string, more: object = {}) =>
  issueCertificate({ label, role: 'viewer', days: 7, ...more }, store.w)
const reaches = (url: string, { ca, cert, key }: IssuedPair) =>
  pingEngine({ url, ca, cert, key }).then(
    () => 'yes',
    error => error.message,
  )
const listed = () => JSON.parse(JSON.parse(store.read('certs', 'revoked.json')).payload)

test('what is issued stands in the register, without its key, for the owner alone', async () => {
  const dev = await store.agent('dev', ID1)
  const anna = await issue('anna', { machines: await namedMachines(['dev'], store.w) })
  const [own, hers] = await listCertificates(store.w)
  expect(own).toMatchObject({ own: true, role: 'admin', machines: null, state: 'valid' })
  expect(hers).toMatchObject({
    ...anna.certificate,
    label: 'anna',
    role: 'viewer',
    machines: [{ name: 'dev', id: ID1 }],
    own: false,
    state: 'valid',
  })
  expect(statSync(join(store.path, 'certs', 'issued.json')).mode & 0o777).toBe(0o600)
  expect(store.read('certs', 'issued.json')).not.toMatch(/PRIVATE|BEGIN/)
  expect(await reaches(dev.url, anna)).toBe('yes')
})

test('a certificate for one machine is let in nowhere else', async () => {
  await store.agent('dev', ID1)
  const other = await store.agent('other', ID2)
  const anna = await issue('anna', { machines: await namedMachines(['dev'], store.w) })
  expect(await reaches(other.url, anna)).toMatch(/for other machines/)
})

test('revoking tells all agents at once, and warns of engines that cannot be told', async () => {
  const [dev, other] = [await store.agent('dev', ID1), await store.agent('other', ID2)]
  await store.classic('old')
  const [anna, boss] = [await issue('anna'), await issue('boss', { role: 'admin' })]
  const done = await revokeCertificates(['anna'], store.w)
  expect(done).toEqual({
    certificates: [{ serial: anna.certificate.serial, label: 'anna' }],
    machines: [
      { name: 'dev', told: 'sent' },
      { name: 'other', told: 'sent' },
    ],
    stillLetIn: [], // dockerd refuses viewers anyway
  })
  expect((await revokeCertificates(['boss'], store.w)).stillLetIn).toEqual(['old'])
  expect(listed()).toEqual({
    number: 2,
    serials: [anna.certificate.serial, boss.certificate.serial].sort(),
  })
  for (const url of [dev.url, other.url])
    for (const whose of [anna, boss]) expect(await reaches(url, whose)).toMatch(/revoked/)
  expect((await listCertificates(store.w)).map(row => row.state)).toEqual(['valid', 'revoked', 'revoked'])
})

test('an agent that was away is told later, and a second time changes nothing', async () => {
  const dev = await store.agent('dev', ID1)
  const anna = await issue('anna')
  await revokeSerials([anna.certificate.serial], store.w)
  expect(await reaches(dev.url, anna)).toBe('yes')
  expect(await pushRevocations([], store.w)).toEqual([{ name: 'dev', told: 'sent' }])
  expect(await reaches(dev.url, anna)).toMatch(/revoked/)
  expect(await pushRevocations(['dev'], store.w)).toEqual([{ name: 'dev', told: 'same' }])
  await dev[Symbol.asyncDispose]()
  expect(await pushRevocations([], store.w)).toEqual([
    { name: 'dev', told: 'not reached', error: 'Host is not running' },
  ])
})

test('a crash between register and list is made good by whatever looks next', async () => {
  const dev = await store.agent('dev', ID1)
  const anna = await issue('anna')
  const torn = {
    ...store.w,
    point: (label: string) => {
      if (label === 'register marked') throw new Error('crash')
    },
  }
  await expect(revokeCertificates(['anna'], torn)).rejects.toThrow('crash')
  expect(await pushRevocations([], store.w)).toEqual([{ name: 'dev', told: 'sent' }])
  expect(await reaches(dev.url, anna)).toMatch(/revoked/)
})

test('what another store of the same CA revoked stays revoked, and ours comes on top', async () => {
  const dev = await store.agent('dev', ID1)
  const caKey = store.read('certs', 'ca-key.pem')
  const theirs = signRevocations({ number: 7, serials: ['ABCDEF'] }, caKey)
  await changeTrust({ url: dev.url, ...(await clientMaterial(store.w)) }, { revoked: theirs })
  const anna = await issue('anna')
  expect((await revokeCertificates(['anna'], store.w)).machines).toEqual([{ name: 'dev', told: 'sent' }])
  expect(JSON.parse(dev.trust().revoked?.payload ?? '')).toEqual({
    number: 8,
    serials: ['ABCDEF', anna.certificate.serial].sort(),
  })
})

test('revoked certificates that have ended are dropped, and the number goes on rising', async () => {
  await issue('anna', { days: 1 })
  await revokeCertificates(['anna'], store.w)
  const later = { ...store.w, now: () => new Date(Date.now() + 5 * 86_400_000) }
  const bob = await issueCertificate({ label: 'bob', role: 'viewer', days: 7 }, later)
  await revokeCertificates(['bob'], later)
  expect(listed()).toEqual({ number: 2, serials: [bob.certificate.serial] })
})

describe('refused', () => {
  test("is the store's own certificate, unless it must be", async () => {
    const [own] = await listCertificates(store.w)
    const serial = own?.serial ?? ''
    await expect(revokeCertificates([serial], store.w)).rejects.toMatchObject({
      code: 'OWN_CERTIFICATE',
      suggestions: [expect.stringContaining('cert renew'), expect.stringContaining('--force')],
    })
    expect((await revokeCertificates([serial], store.w, { force: true })).certificates).toHaveLength(1)
  })

  test('is a name nobody has; a serial number that is in no register is not', async () => {
    await issue('anna')
    await expect(revokeCertificates(['anan'], store.w)).rejects.toMatchObject({
      code: 'NO_CERTIFICATE',
      suggestions: ['did you mean anna?', expect.stringContaining('cert ls')],
    })
    await revokeCertificates(['4a:bc:de:f0:12:34:56:78:9a'], store.w)
    expect(listed()).toEqual({ number: 1, serials: ['4ABCDEF0123456789A'] })
  })

  test('is a certificate for a machine whose engine could not tell', async () => {
    await store.classic('old')
    await expect(namedMachines(['old'], store.w)).rejects.toMatchObject({
      code: 'AGENT_MISSING',
      suggestions: ['machine provision old --engine-agent=on gives it the agent'],
    })
  })

  test('is everything while the register cannot be read, which is left as it is', async () => {
    await issue('anna')
    await store.w.store.writeFile(['certs', 'issued.json'], '{"version":2}', 0o600)
    await expect(issue('bob')).rejects.toMatchObject({ code: 'REGISTER_UNREADABLE' })
    expect(store.read('certs', 'issued.json')).toBe('{"version":2}')
  })
})
