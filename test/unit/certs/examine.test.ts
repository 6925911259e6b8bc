import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  createCa,
  examine,
  issueClientCert,
  issueServerCert,
  type KeyAndCert,
  ownerOf,
  pairProblem,
  serverCertProblem,
} from '../../../src/certs/index.ts'

const now = new Date('2026-11-24T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const newPublicKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString()

let ca: KeyAndCert
let other: KeyAndCert
let certPem: string
const publicKeyPem = newPublicKey()
const names = ['198.18.0.7', '2001:db8::7', 'dev.example']
beforeAll(async () => {
  ca = await createCa({ owner: 'someone', now })
  other = await createCa({ owner: 'someone', now }) // of the same name: only the signature tells
  certPem = await issueServerCert({ ca, owner: 'someone', machine: 'dev', names, publicKeyPem, now })
})

const problem = (changes: Partial<Parameters<typeof serverCertProblem>[0]>) =>
  serverCertProblem({ certPem, caPem: ca.certPem, publicKeyPem, names, now, ...changes })

describe('a server certificate', () => {
  test('that fits has no problem, also with one of two CAs', () => {
    expect(problem({})).toBeUndefined()
    expect(problem({ caPem: other.certPem + ca.certPem })).toBeUndefined()
    expect(problem({ names: ['localhost', '127.0.0.1', '::1', '[2001:DB8::7]', 'DEV.example'] })).toBeUndefined()
  })

  test('must be replaced for another CA, key, name or a near end', () => {
    expect(problem({ caPem: other.certPem })).toBe('is not signed by the CA of this store')
    expect(problem({ publicKeyPem: newPublicKey() })).toBe("does not belong to the host's key")
    expect(problem({ names: [...names, '198.18.0.8'] })).toBe('does not cover 198.18.0.8')
    expect(problem({ names: ['2001:db8::8'] })).toBe('does not cover 2001:db8::8')
    expect(problem({ names: ['x.dev.example'] })).toBe('does not cover x.dev.example')
    expect(problem({ now: inDays(366) })).toBeUndefined()
    expect(problem({ now: inDays(368) })).toBe('expires on 2027-12-26')
    expect(problem({ now: inDays(368), renewWithinDays: 7 })).toBeUndefined()
    expect(problem({ now: inDays(398) })).toBe('expired on 2027-12-26')
    expect(problem({ now: inDays(-1) })).toMatch(/^is not valid before Nov 24 11:55:00 2026/)
  })

  test('that is none is said', () => {
    expect(problem({ certPem: 'hello' })).toMatch(/^cannot be read \(/)
    expect(problem({ certPem: '' })).toMatch(/^cannot be read \(/)
    expect(problem({ caPem: '' })).toMatch(/^cannot be read \(/)
  })

  test.each(['*.example.com', 'my_host', 'UPPER.example', '256.1.1.1', 'fe80::1%eth0', '[2001:db8::1]', '1::', '::'])(
    'issued for %s covers it: the next provision issues no other',
    async name => {
      const its = await issueServerCert({ ca, owner: 'o', machine: 'm', names: [name], publicKeyPem, now })
      expect(problem({ certPem: its, names: [name] })).toBeUndefined()
    },
  )

  test('issued for a name beyond ASCII covers it', async () => {
    const its = await issueServerCert({ ca, owner: 'o', machine: 'm', names: ['bücher.example'], publicKeyPem, now })
    expect(problem({ certPem: its, names: ['bücher.example', 'xn--bcher-kva.example'] })).toBeUndefined()
  })
})

describe('a certificate and its key', () => {
  test('fit, or the reason is said', async () => {
    const client = await issueClientCert({ ca, owner: 'someone', now })
    const pair = { ...client, caPem: ca.certPem, now }
    expect(pairProblem(pair)).toBeUndefined()
    expect(pairProblem({ ...pair, keyPem: ca.keyPem })).toBe('does not belong to its key')
    expect(pairProblem({ ...pair, caPem: other.certPem })).toBe('is not signed by the CA')
    expect(pairProblem({ ...pair, now: inDays(729) })).toBeUndefined()
    expect(pairProblem({ ...pair, now: inDays(731) })).toBe('expired on 2028-11-23')
    expect(pairProblem({ ...pair, keyPem: 'hello' })).toMatch(/^cannot be read \(/)
  })

  test('of a bundle the one counts whose key it is', () => {
    const bundle = other.certPem + ca.certPem
    expect(pairProblem({ certPem: bundle, keyPem: ca.keyPem, now })).toBeUndefined()
    expect(pairProblem({ certPem: bundle, keyPem: other.keyPem, now })).toBeUndefined()
  })

  test('an error never shows the key', () => {
    const cut = ca.keyPem.replace(/\n.*\n-----END/, '\n-----END')
    const line = ca.keyPem.split('\n')[1] ?? 'none'
    expect(pairProblem({ certPem: ca.certPem, keyPem: cut, now })).not.toContain(line)
  })
})

test('examine tells what a listing shows', () => {
  expect(examine(certPem)).toEqual({
    subject: 'O=someone.dev, CN=dev',
    serial: expect.stringMatching(/^[0-9A-F]{32}$/),
    notBefore: new Date('2026-11-24T11:55:00Z'),
    notAfter: new Date('2027-12-26T12:00:00Z'),
  })
  expect(createPublicKey(certPem).asymmetricKeyType).toBe('ec')
})

test.each([
  [{ USER: 'a' }, 'linux', 'a'],
  [{ USER: 'a' }, 'darwin', 'a'],
  [{ USER: 'a', USERNAME: 'b' }, 'win32', 'b'],
  [{}, 'linux', 'unknown'],
  [{ USER: '' }, 'linux', 'unknown'],
] as const)('the owner with %j on %s is %s', (env, platform, owner) => {
  expect(ownerOf(env, platform)).toBe(owner)
})
