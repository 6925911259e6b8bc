/** The agent's files: read, changed, watched; openssl agrees about the request for a certificate. */
import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { openTrust } from '../../../../agent/trust/trust.ts'
import { issueServerCert, signRevocations } from '../../../../src/certs/index.ts'
import { newAuthority } from '../../../kit/relay.ts'

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'trust-'))
  const authority = await newAuthority()
  const { material } = authority
  const files = {
    identity: join(folder, 'identity.pem'),
    ca: join(folder, 'ca.pem'),
    revoked: join(folder, 'revoked.json'),
    pendingKey: join(folder, 'pending-key.pem'),
  }
  await writeFile(files.identity, material.keyPem + material.certPem)
  await writeFile(files.ca, material.caPem)
  let changes = 0
  const trust = await openTrust(() => changes++, files)
  return {
    ...authority,
    files,
    trust,
    asker: new X509Certificate(authority.client.certPem),
    changes: () => changes,
    async [Symbol.asyncDispose]() {
      trust[Symbol.dispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 500 && !holds(); i++) await sleep(10)
  expect(holds()).toBe(true)
}

test('a new key and its certificate: openssl takes the request, the key stays here and is used once', async () => {
  await using at = await setUp()
  const { publicKey, csr } = await at.trust.newKey('host')
  const said = execFileSync('openssl', ['req', '-verify', '-noout', '-subject', '-pubkey'], {
    input: csr,
    stdio: 'pipe',
  })
  expect(said.toString()).toContain('CN')
  expect(said.toString()).toContain(publicKey)
  expect((await stat(at.files.pendingKey)).mode & 0o777).toBe(0o400)
  const cert = await issueServerCert({
    ca: at.ca,
    owner: 'o',
    now: new Date(),
    publicKeyPem: publicKey,
    machine: 'm',
    names: [],
  })
  const state = await at.trust.change({ cert }, at.asker)
  expect(state.cert.trim()).toBe(cert.trim())
  await expect(readFile(at.files.pendingKey)).rejects.toThrow('ENOENT')
  expect((await stat(at.files.identity)).mode & 0o777).toBe(0o400)
  expect(at.changes()).toBe(1)
})

test('files that others change are taken when they will do, and kept out when not', async () => {
  await using at = await setUp()
  const other = await newAuthority()
  await writeFile(at.files.ca, `${at.ca.certPem}${other.ca.certPem}`)
  await until(() => at.trust.now.cas.length === 2)
  await writeFile(at.files.identity, 'nonsense')
  await until(() => at.trust.problem !== undefined)
  expect(at.trust.now.certPem).toBe(at.material.certPem)
  await writeFile(at.files.identity, other.material.keyPem + other.material.certPem)
  await until(() => at.trust.problem === undefined && at.trust.now.certPem === other.material.certPem)
})

test('revocations stay in force whatever becomes of their file', async () => {
  await using at = await setUp()
  await at.trust.change({ revoked: signRevocations({ number: 3, serials: ['ABCD'] }, at.ca.keyPem) }, at.asker)
  expect(at.trust.revoked.has('ABCD')).toBe(true)
  await rm(at.files.revoked)
  await at.trust.reload()
  expect(at.trust.revoked.has('ABCD')).toBe(true)
  expect(at.trust.now.problems).toContainEqual(expect.stringContaining('older than number 3'))
  await writeFile(at.files.revoked, JSON.stringify(signRevocations({ number: 2, serials: [] }, at.ca.keyPem)))
  await at.trust.reload()
  expect(at.trust.revoked.has('ABCD')).toBe(true)
  await writeFile(at.files.revoked, JSON.stringify(signRevocations({ number: 3, serials: ['EF'] }, at.ca.keyPem)))
  await at.trust.reload()
  expect([...at.trust.revoked]).toEqual(['ABCD'])
  expect(at.trust.now.revocations.serials).toEqual(['ABCD'])
  await writeFile(at.files.revoked, 'nonsense')
  await at.trust.reload()
  expect(at.trust.revoked.has('ABCD')).toBe(true)
  expect(at.trust.problem).toBeUndefined() // certificates are read all the same
  expect(at.trust.now.problems).toContain('the revocation list cannot be read')
})

test('with a list that cannot be read, and none known, nobody is let in by it', async () => {
  await using at = await setUp()
  await writeFile(at.files.revoked, '')
  await expect(openTrust(() => {}, at.files)).rejects.toThrow('the revocation list cannot be read')
})
