/** Certificates that are half missing, do not fit together or have run out: each case has its sentence, nothing is written. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createCa, issueClientCert, type KeyAndCert } from '../../../src/certs/index.ts'
import { loadOrCreateCa } from '../../../src/machine/authority.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

const now = new Date()
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)

let ca: KeyAndCert
let client: KeyAndCert
beforeAll(async () => {
  ca = await createCa({ owner: 'someone', now })
  client = await issueClientCert({ ca, owner: 'someone', now })
})

let dir: TempDir
let certs = ''
beforeEach(() => {
  dir = makeTempDir()
  certs = join(dir.path, 'certs')
})
afterEach(() => dir[Symbol.dispose]())

const read = (name: string) => readFileSync(join(certs, name), 'utf8')
const listing = () => Object.fromEntries(readdirSync(certs).map(name => [name, read(name)]))

/** Puts these files into certs/. */
function put(files: Record<string, string>): void {
  mkdirSync(certs, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(certs, name), text)
}

const whole = () => ({
  'ca.pem': ca.certPem,
  'ca-key.pem': ca.keyPem,
  'cert.pem': client.certPem,
  'key.pem': client.keyPem,
})

describe('what is half missing is refused, and nothing written', () => {
  const cases: [string, string, string][] = [
    ['ca-key.pem', 'CA_HALF', 'certificate authority key already exists in CERTS, but its ca.pem is missing'],
    [
      'ca-key.pem cert.pem key.pem',
      'CA_HALF',
      'certificate authority key already exists in CERTS, but its ca.pem is missing',
    ],
    ['ca-key.pem key.pem', 'CA_HALF', 'certificate authority key already exists in CERTS, but its ca.pem is missing'],
    ['ca-key.pem cert.pem', 'CA_HALF', 'certificate authority key already exists in CERTS, but its ca.pem is missing'],
    ['cert.pem key.pem', 'CA_HALF', 'CERTS has a client certificate, but no CA'],
    ['cert.pem', 'CA_HALF', 'CERTS has a client certificate, but no CA'],
    ['key.pem', 'CLIENT_HALF', 'client key already exists in CERTS, but its cert.pem is missing'],
    ['ca.pem ca-key.pem key.pem', 'CLIENT_HALF', 'client key already exists in CERTS, but its cert.pem is missing'],
    ['ca.pem key.pem', 'CLIENT_HALF', 'client key already exists in CERTS, but its cert.pem is missing'],
    ['ca.pem ca-key.pem cert.pem', 'CLIENT_HALF', 'CERTS has cert.pem, but its key.pem is missing'],
    ['ca.pem cert.pem', 'CLIENT_HALF', 'CERTS has cert.pem, but its key.pem is missing'],
    ['ca.pem', 'CA_KEY', 'CERTS/ca-key.pem is missing, so no certificate can be issued'],
  ]
  test.each(cases)('only %s', async (names, code, message) => {
    const files = Object.fromEntries(Object.entries(whole()).filter(([name]) => names.split(' ').includes(name)))
    put(files)
    await expect(loadOrCreateCa(worldOf(dir.path))).rejects.toMatchObject({
      code,
      message: message.replace('CERTS', certs),
      suggestions: expect.arrayContaining([expect.stringContaining('back from a backup')]),
    })
    expect(listing()).toEqual(files)
  })

  test('a pending certificate of another key is no help', async () => {
    const other = await createCa({ owner: 'someone', now })
    const files = { 'ca-key.pem': ca.keyPem, 'ca.pem.pending': other.certPem }
    put(files)
    await expect(loadOrCreateCa(worldOf(dir.path))).rejects.toMatchObject({ code: 'CA_HALF' })
    expect(listing()).toEqual(files)
  })
})

describe('what does not fit together or has run out is refused, and nothing written', () => {
  test('a CA of another key, a client of another CA, a client of another key', async () => {
    const other = await createCa({ owner: 'someone', now })
    for (const [files, message] of [
      [{ ...whole(), 'ca-key.pem': other.keyPem }, 'the CA certificate does not belong to its key'],
      [
        { ...whole(), 'ca.pem': other.certPem, 'ca-key.pem': other.keyPem },
        'the client certificate is not signed by the CA',
      ],
      [{ ...whole(), 'key.pem': other.keyPem }, 'the client certificate does not belong to its key'],
      [{ ...whole(), 'cert.pem': '' }, 'the client certificate cannot be read'],
    ] as const) {
      put(files)
      await expect(loadOrCreateCa(worldOf(dir.path))).rejects.toMatchObject({
        code: 'CERTS_UNUSABLE',
        message: expect.stringMatching(`^${message}.* \\(${certs}\\)$`),
      })
      expect(listing()).toEqual(files)
    }
  })

  test('an expired client, an expired CA', async () => {
    put(whole())
    await expect(loadOrCreateCa(worldOf(dir.path, { now: inDays(731) }))).rejects.toMatchObject({
      code: 'EXPIRED',
      message: expect.stringMatching(/^the client certificate expired on \d{4}-\d\d-\d\d /),
    })
    await expect(loadOrCreateCa(worldOf(dir.path, { now: inDays(3651) }))).rejects.toMatchObject({
      code: 'EXPIRED',
      message: expect.stringMatching(/^the CA certificate expired on /),
    })
    expect(listing()).toEqual(whole())
  })
})
