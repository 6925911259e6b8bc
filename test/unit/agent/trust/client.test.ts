import { X509Certificate } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { clientOf, clientProblem } from '../../../../agent/trust/client.ts'
import { createCa, issueClientCert } from '../../../../src/certs/index.ts'

const now = new Date()
const opts = { owner: 'someone', now }
const ID = '0123456789abcdef0123456789abcdef'

async function client(more: Partial<Parameters<typeof issueClientCert>[0]> = {}) {
  const ca = await createCa(opts)
  return clientOf(new X509Certificate((await issueClientCert({ ...opts, ca, ...more })).certPem))
}
const problem = (c: Awaited<ReturnType<typeof client>>, more: { id?: string; revoked?: string[]; now?: Date } = {}) =>
  clientProblem(c, { id: more.id ?? ID, revoked: new Set(more.revoked ?? []), now: more.now ?? now })

test('a certificate without OU is an admin’s, of any machine', async () => {
  const c = await client()
  expect(c).toMatchObject({ role: 'admin', ou: '', name: 'someone', machines: undefined })
  expect(problem(c)).toBeUndefined()
})

test.each(['viewer', 'operator', 'admin'] as const)('the OU %s is the role', async role => {
  expect(await client({ role, commonName: 'bob' })).toMatchObject({ role, ou: role, name: 'bob' })
})

test('one bound to machines is good for those', async () => {
  const c = await client({ machineIds: [ID, 'f'.repeat(32)] })
  expect(c.machines).toEqual([ID, 'f'.repeat(32)])
  expect(problem(c)).toBeUndefined()
  expect(problem(c, { id: 'a'.repeat(32) })).toBe('the certificate of someone is not good for this machine')
})

test.each(['URI:URN:Machine:0123', 'URI:"urn:machine:a\\u002cb"', 'DNS:x, URI:urn:MACHINE:x'])(
  'one that names machines in another form (%s) is good for none',
  subjectAltName => {
    const c = clientOf({
      toLegacyObject: () => ({ subject: { CN: 'x' } }),
      serialNumber: 'AA',
      validTo: 'Nov 26 00:00:00 2090 GMT',
      subjectAltName,
    } as unknown as X509Certificate)
    expect(problem(c)).toBe('the certificate of x is not good for this machine')
  },
)

test('zeros at the front of a serial number say nothing', async () => {
  const c = { ...(await client()), serial: '0ABC' }
  expect(problem(c, { revoked: ['ABC'] })).toContain('has been revoked')
})

test('revoked and expired ones are told apart', async () => {
  const c = await client({ days: 1 })
  expect(problem(c, { revoked: [c.serial] })).toContain('has been revoked')
  expect(problem(c, { now: new Date(now.getTime() + 2 * 86_400_000) })).toContain('expired on')
})

test('of several OUs the one that may least counts, and one that is no role lets nobody in', () => {
  const of = (...units: string[]) =>
    clientOf({
      toLegacyObject: () => ({ subject: { CN: 'x', OU: units.length === 1 ? units[0] : units } }),
      serialNumber: 'AA',
      validTo: 'Nov 26 00:00:00 2030 GMT',
      subjectAltName: undefined,
    } as unknown as X509Certificate)
  expect(of('admin', 'viewer').role).toBe('viewer')
  expect(of('operator', 'admin').role).toBe('operator')
  expect(of('Engineering').role).toBeUndefined()
  expect(of('admin', 'Engineering').role).toBeUndefined()
  expect(of('Admin').role).toBeUndefined()
  expect(problem(of('Engineering'))).toContain('none of viewer, operator, admin')
})
