/** CertificateAuthority and ClientCertificate: what their providers make and when they make it anew. */
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { authority } from '../../../src/pulumi/core/authority.ts'
import { client } from '../../../src/pulumi/core/client.ts'
import type { Json } from '../../../src/pulumi/core/crud.ts'
import { aroundOf } from './around.ts'

const around = aroundOf()
const later = (days: number) => aroundOf({ now: () => new Date(around.now().getTime() + days * 86_400_000) })

async function newCa(): Promise<Json> {
  const { inputs } = await authority.check({}, {}, around)
  return (await authority.create(inputs, around)).outs
}

describe('a certificate authority', () => {
  test('is made, and kept whoever runs the program', async () => {
    const outs = await newCa()
    const cert = new X509Certificate(String(outs.caCert))
    expect(cert.ca).toBe(true)
    expect(Date.parse(String(outs.expires))).toBe(Date.parse(cert.validTo))
    const other = aroundOf({ env: { USER: 'other' } })
    const { inputs } = await authority.check(outs, {}, other)
    expect(await authority.diff('', outs, inputs, other)).toEqual({ changes: false, replaces: [] })
  })

  test('for another life or owner it is made anew', async () => {
    const outs = await newCa()
    const { inputs } = await authority.check(outs, { days: 30, owner: 'shop' }, around)
    expect(await authority.diff('', outs, inputs, around)).toEqual({ changes: true, replaces: ['owner', 'days'] })
  })

  test('a life that cannot be is refused', async () => {
    const { failures } = await authority.check({}, { days: 0 }, around)
    expect(failures).toEqual([{ property: 'days', reason: 'is a whole number from 1 to 3650' }])
  })
})

describe('a client certificate', () => {
  const checked = async (news: Json, olds: Json = {}) => {
    const { caCert, caKey } = await ca
    return await client.check(olds, { authority: { caCert, caKey }, label: 'ci', ...news }, around)
  }
  const ca = newCa()

  test('is signed by the CA, with role, name and life', async () => {
    const { inputs, failures } = await checked({ role: 'viewer', days: 9 })
    expect(failures).toEqual([])
    const { id, outs } = await client.create(inputs, around)
    const cert = new X509Certificate(String(outs.cert))
    expect(cert.subject).toMatch(/OU=viewer\nCN=ci$/)
    expect(cert.verify(new X509Certificate(String((await ca).caCert)).publicKey)).toBe(true)
    expect(outs.expires).toBe('2026-12-05T12:00:00.000Z')
    expect([id, outs.serial]).toEqual([cert.serialNumber, cert.serialNumber])
  })

  test('is renewed by an update in the last third of its life, and not before', async () => {
    const { inputs } = await checked({ days: 9 })
    const { outs } = await client.create(inputs, around)
    const { inputs: again } = await checked({ days: 9 }, inputs)
    expect(await client.diff('', outs, again, later(5))).toEqual({ changes: false, updates: [] })
    expect(await client.diff('', outs, again, later(7))).toEqual({ changes: true, updates: ['due'] })
    const { outs: renewed } = await client.update('', outs, again, later(7))
    expect(renewed.serial).not.toBe(outs.serial)
    expect(await client.diff('', renewed, again, later(7))).toMatchObject({ changes: false })
  })

  test('another role is another certificate', async () => {
    const { outs } = await client.create((await checked({})).inputs, around)
    const { inputs } = await checked({ role: 'operator' })
    expect(await client.diff('', outs, inputs, around)).toEqual({ changes: true, updates: ['role'] })
  })

  test('each property that cannot be has one text', async () => {
    const { failures } = await client.check(
      {},
      { label: 'a b', role: 'king', days: 1.5, authority: { caCert: 'x' } },
      around,
    )
    expect(Object.fromEntries(failures.map(({ property, reason }) => [property, reason]))).toEqual({
      authority: 'is a CertificateAuthority, or a machine that has a CA of its own',
      label: 'says whom it is for: up to 64 letters, digits and . _ @ -',
      role: 'is one of viewer, operator, admin',
      days: 'is a whole number from 1 to 3650',
    })
  })
})
