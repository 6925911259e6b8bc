import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { createCa, issueClientCert, issueServerCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { subjectOf } from '../../../src/certs/read-der.ts'
import { dockerMachineCa, inWords, selfSigned, verify } from '../../kit/openssl.ts'

const now = new Date()
const YEAR_2060 = new Date('2060-06-01T00:00:00Z')
const owner = 'someone'

function hostKey(type: 'ec' | 'rsa' = 'ec'): string {
  const pair =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
}

const server = (ca: KeyAndCert, names: string[], more: { now?: Date; key?: string; machine?: string } = {}) =>
  issueServerCert({
    ca,
    owner,
    machine: more.machine ?? 'dev',
    names,
    publicKeyPem: more.key ?? hostKey(),
    now: more.now ?? now,
  })

let ca: KeyAndCert
beforeAll(async () => {
  ca = await createCa({ owner, now })
})

describe('openssl, strictly,', () => {
  test('takes the CA and what it signs, each for its purpose alone', async () => {
    const itself = verify(ca.certPem, ca.certPem)
    expect(itself).toEqual({ ok: true, said: expect.stringContaining('OK') })
    const serverPem = await server(ca, ['198.18.0.7'])
    const client = await issueClientCert({ ca, owner, now })
    expect(verify(serverPem, ca.certPem, { purpose: 'sslserver' })).toMatchObject({ ok: true })
    expect(verify(client.certPem, ca.certPem, { purpose: 'sslclient' })).toMatchObject({ ok: true })
    const wrong = { ok: false, said: expect.stringMatching(/unsuitable certificate purpose|unsupported .*purpose/) }
    expect(verify(serverPem, ca.certPem, { purpose: 'sslclient' })).toEqual(wrong)
    expect(verify(client.certPem, ca.certPem, { purpose: 'sslserver' })).toEqual(wrong)
  })

  test('takes a server certificate for every name asked for, and localhost', async () => {
    const names = ['198.18.0.7', '2001:db8::7', '::ffff:198.18.0.9', 'dev.example', 'xn--bcher-kva.example']
    const certPem = await server(ca, names)
    for (const name of [...names, 'localhost', '127.0.0.1', '::1'])
      expect([name, verify(certPem, ca.certPem, { purpose: 'sslserver', name })]).toMatchObject([name, { ok: true }])
    expect(verify(certPem, ca.certPem, { name: 'other.example' }).ok).toBe(false)
    expect(verify(certPem, ca.certPem, { name: '198.18.0.8' }).ok).toBe(false)
  })

  test('takes them when they end after 2049', async () => {
    const late = await createCa({ owner, now: YEAR_2060 })
    const certPem = await server(late, ['198.18.0.7'], { now: YEAR_2060 })
    const at = YEAR_2060.getTime() / 1000
    expect(verify(certPem, late.certPem, { purpose: 'sslserver', at })).toMatchObject({ ok: true })
    expect(new Date(new X509Certificate(certPem).validTo).getUTCFullYear()).toBe(2061)
  })

  test('takes them across the change of form in 2050', async () => {
    const at2049 = new Date('2049-12-31T23:58:00Z')
    const late = await createCa({ owner, now: at2049 })
    expect(verify(late.certPem, late.certPem, { at: at2049.getTime() / 1000 })).toMatchObject({ ok: true })
  })

  test.each(['rsa', 'ec'] as const)('takes a certificate for a host whose key is %s', async type => {
    const certPem = await server(ca, ['198.18.0.7'], { key: hostKey(type) })
    expect(verify(certPem, ca.certPem, { purpose: 'sslserver' })).toMatchObject({ ok: true })
    expect(inWords(certPem).includes('Key Encipherment')).toBe(type === 'rsa')
  })

  test('takes names as long as they may be, and users of any alphabet', async () => {
    const odd = await createCa({ owner: 'Jürgen Ω', now })
    const certPem = await server(odd, ['198.18.0.7'], { machine: `${'x'.repeat(63)}` })
    expect(verify(certPem, odd.certPem, { purpose: 'sslserver' })).toMatchObject({ ok: true })
    expect(new X509Certificate(odd.certPem).subject).toBe('O=Jürgen Ω\nCN=Jürgen Ω machine CA')
  })
})

describe("a CA of Docker Machine's: RSA, an organisation and no key id,", () => {
  test('signs P-256 certificates that openssl takes', async () => {
    const old = dockerMachineCa()
    expect(old.keyPem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/)
    const serverPem = await server(old, ['198.18.0.7'])
    const client = await issueClientCert({ ca: old, owner, now })
    expect(verify(serverPem, old.certPem, { purpose: 'sslserver', strict: false })).toMatchObject({ ok: true })
    expect(verify(client.certPem, old.certPem, { purpose: 'sslclient', strict: false })).toMatchObject({ ok: true })
    expect(inWords(serverPem)).toMatch(/Signature Algorithm: sha256WithRSAEncryption[\s\S]*ASN1 OID: prime256v1/)
    expect(new X509Certificate(serverPem).issuer).toBe('O=someone')
  })

  test.each(['', 'e1:e2:e3:e4'])(
    'with a key id made in another way (%j) signs what openssl takes strictly',
    async id => {
      const other = selfSigned('/O=someone', 30, [
        'basicConstraints=critical,CA:TRUE',
        'keyUsage=critical,keyCertSign',
        `subjectKeyIdentifier=${id === '' ? 'hash' : id}`,
      ])
      const certPem = await server(other, ['198.18.0.7'])
      expect(verify(certPem, other.certPem, { purpose: 'sslserver' })).toMatchObject({ ok: true })
      if (id) expect(inWords(certPem)).toMatch(/Authority Key Identifier:\s+(keyid:)?E1:E2:E3:E4/i)
    },
  )
})

describe('what a certificate says', () => {
  test("the issuer is the CA's subject byte for byte, whatever string types it uses", async () => {
    for (const signer of [ca, dockerMachineCa(), selfSigned('/C=DE/O=so me/CN=a', 30, [])]) {
      const raw = new X509Certificate(await server(signer, ['198.18.0.7'])).raw
      expect(raw.indexOf(subjectOf(signer.certPem))).toBeGreaterThan(0)
    }
  })

  test('a server names user and machine, a client what Docker Machine called it', async () => {
    const client = new X509Certificate((await issueClientCert({ ca, owner, now })).certPem)
    const its = new X509Certificate(await server(ca, ['198.18.0.7']))
    expect(its.subject).toBe('O=someone.dev\nCN=dev')
    expect(client.subject).toBe('O=someone.\\<bootstrap\\>\nCN=someone') // as Node escapes it
    expect([its.ca, client.ca, new X509Certificate(ca.certPem).ca]).toEqual([false, false, true])
    expect([its.keyUsage, client.keyUsage]).toEqual([['1.3.6.1.5.5.7.3.1'], ['1.3.6.1.5.5.7.3.2']])
    expect(client.subjectAltName).toBeUndefined()
  })

  test('lives: a CA ten years, a server 397 days, a client two years, all from five minutes ago', async () => {
    const client = await issueClientCert({ ca, owner, now })
    const pems = [ca.certPem, await server(ca, ['a.example']), client.certPem]
    const days = pems.map(pem => {
      const { validFrom, validTo } = new X509Certificate(pem)
      expect(now.getTime() - Date.parse(validFrom)).toBeGreaterThanOrEqual(5 * 60_000)
      return Math.floor((Date.parse(validTo) - Date.parse(validFrom)) / 86_400_000)
    })
    expect(days).toEqual([3650, 397, 730])
  })

  test('serial numbers are positive, of 128 bits, and all different', async () => {
    const key = hostKey()
    const serials: string[] = []
    for (let i = 0; i < 200; i += 1)
      serials.push(new X509Certificate(await server(ca, ['198.18.0.7'], { key })).serialNumber)
    expect(serials.filter(serial => !/^[4-7][0-9A-F]{31}$/.test(serial))).toEqual([])
    expect(new Set(serials).size).toBe(200)
  })

  test('keys are P-256 in a form old tools read', async () => {
    const client = await issueClientCert({ ca, owner, now })
    for (const pem of [ca.keyPem, client.keyPem]) expect(pem).toMatch(/^-----BEGIN EC PRIVATE KEY-----/)
  })
})

describe('a bundle of two CAs', () => {
  test('signs with the one whose key it is, at either place', async () => {
    const other = await createCa({ owner: 'other', now })
    for (const bundle of [ca.certPem + other.certPem, other.certPem + ca.certPem]) {
      const certPem = await server({ certPem: bundle, keyPem: ca.keyPem }, ['198.18.0.7'])
      expect(verify(certPem, ca.certPem)).toMatchObject({ ok: true })
      expect(verify(certPem, bundle)).toMatchObject({ ok: true })
      expect(verify(certPem, other.certPem).ok).toBe(false)
    }
  })

  test('with the key of neither is refused', async () => {
    const [a, b] = [await createCa({ owner, now }), await createCa({ owner, now })]
    await expect(server({ certPem: a.certPem + b.certPem, keyPem: ca.keyPem }, [])).rejects.toThrow(
      'the CA key belongs to none of the CA certificates',
    )
  })
})
