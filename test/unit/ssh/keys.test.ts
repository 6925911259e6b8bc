import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { blobOfLine, fingerprint, generateKeyPair, publicLineOf } from '../../../src/ssh/keys.ts'
import { parsePrivateKey } from '../../../src/ssh/parse-key.ts'
import { needs } from '../../kit/tools.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'keys-'))
})
afterAll(() => rm(dir, { recursive: true }))

async function fileOf(pem: string): Promise<string> {
  const path = join(dir, Math.random().toString(36))
  await writeFile(path, pem, { mode: 0o600 })
  return path
}
const keygen = (...args: string[]) => execFileSync('ssh-keygen', args, { encoding: 'utf8' }).trim()

describe('generated keys', () => {
  test('300 ed25519 keys: each parses, signs and verifies', async () => {
    for (let i = 0; i < 300; i++) {
      const { privatePem, publicLine } = await generateKeyPair('ed25519', `key ${i}`)
      const parsed = await parsePrivateKey(privatePem)
      if (parsed.kind !== 'key') throw new Error(`key ${i}: ${parsed.why}`)
      expect(parsed.key.comment).toBe(`key ${i}`)
      expect(blobOfLine(publicLine)).toEqual(parsed.key.getPublicSSH())
      expect(parsed.key.verify('data', parsed.key.sign('data'))).toBe(true)
    }
  })

  for (const type of ['ed25519', 'rsa'] as const) {
    needs('ssh-keygen')(`${type}: ssh-keygen reads the file and sees the same public key`, async () => {
      const { privatePem, publicLine } = await generateKeyPair(type, 'one\ntwo')
      const path = await fileOf(privatePem)
      const seen = keygen('-y', '-f', path).split(' ').slice(0, 2).join(' ')
      expect(`${seen} one two`).toBe(publicLine)
      expect(keygen('-l', '-f', path)).toContain(fingerprint(publicLine))
      expect(await publicLineOf(privatePem, 'one two')).toBe(publicLine)
    })
  }

  test('an RSA key is PKCS#1, which clouds and old clients read', async () => {
    const { privatePem, publicLine } = await generateKeyPair('rsa', '')
    expect(privatePem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(publicLine).toMatch(/^ssh-rsa AAAA\S+$/)
  })
})

describe('parsePrivateKey', () => {
  needs('ssh-keygen')('tells encrypted from wrong passphrase from garbage', async () => {
    for (const format of ['RFC4716', 'PEM', 'PKCS8']) {
      const path = join(dir, `locked-${format}`)
      const legacy = format === 'RFC4716' ? [] : ['-m', format]
      keygen('-q', '-t', 'rsa', '-b', '2048', ...legacy, '-N', 'open sesame', '-f', path)
      const pem = execFileSync('cat', [path], { encoding: 'utf8' })
      expect([format, (await parsePrivateKey(pem)).kind]).toEqual([format, 'locked'])
      expect([format, (await parsePrivateKey(pem, 'wrong')).kind]).toEqual([format, 'locked'])
      expect([format, (await parsePrivateKey(pem, 'open sesame')).kind]).toEqual([format, 'key'])
    }
    expect((await parsePrivateKey('no key at all')).kind).toBe('unreadable')
    expect((await parsePrivateKey((await generateKeyPair('ed25519', '')).publicLine)).kind).toBe('unreadable')
  })

  test('reads PKCS#8, which ssh2 does not', async () => {
    const keys = [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'P-256' })]
    for (const { privateKey } of keys) {
      const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      expect((await parsePrivateKey(pem)).kind).toBe('key')
    }
  })
})

test('the public half of an encrypted OpenSSH file is readable', async () => {
  const { privatePem, publicLine } = await generateKeyPair('ed25519', 'x')
  const path = await fileOf(privatePem)
  keygen('-p', '-q', '-P', '', '-N', 'secret', '-f', path)
  expect(await publicLineOf(execFileSync('cat', [path], { encoding: 'utf8' }), 'x')).toBe(publicLine)
})
