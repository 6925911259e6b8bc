import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { newKeyName, readOwnKey } from '../../../../drivers/amazonec2/key-pair.ts'
import { keepOwnKey } from '../../../../drivers/cloud/own-key.ts'
import { generateKeyPair } from '../../../../src/ssh/keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'key-pair-'))

test('a name of its own each time, as long as EC2 takes', () => {
  const names = [newKeyName('web', 'deadbeef'), newKeyName('web', 'deadbeef')]
  for (const name of names) expect(name).toMatch(/^web-deadbeef-[0-9a-f]{8}$/)
  expect(names[0]).not.toBe(names[1])
  expect(newKeyName('w'.repeat(300), 'deadbeef')).toHaveLength(255)
})

test('the public half is read beside the key, or worked out of it', async () => {
  const { privatePem, publicLine } = await generateKeyPair('ed25519', 'mine')
  const path = join(folder, 'key')
  writeFileSync(path, privatePem)
  const alone = await readOwnKey(path, {})
  expect(alone.publicLine.split(' ')[1]).toBe(publicLine.split(' ')[1])
  writeFileSync(`${path}.pub`, `${publicLine}\n`)
  expect((await readOwnKey('~/key', { HOME: folder })).publicLine).toBe(publicLine)
})

test('it is kept where core looks for the machine’s own, closed to others', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'machine-'))
  writeFileSync(join(dir, 'id_rsa'), 'of core', { mode: 0o644 })
  await keepOwnKey({ privateText: 'PRIVATE KEY', publicLine: 'ssh-ed25519 AAAA' }, dir)
  expect(readFileSync(join(dir, 'id_rsa'), 'utf8')).toBe('PRIVATE KEY')
  expect(statSync(join(dir, 'id_rsa')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(dir, 'id_rsa.pub'), 'utf8')).toBe('ssh-ed25519 AAAA\n')
})

test('what is no key, or none EC2 takes, is said', async () => {
  await expect(readOwnKey('/nowhere/key', {})).rejects.toThrow('SSH key "/nowhere/key" does not exist')
  const text = join(folder, 'text')
  writeFileSync(text, 'hello')
  await expect(readOwnKey(text, {})).rejects.toThrow('is no private key')
  const ecdsa = join(folder, 'ecdsa')
  writeFileSync(ecdsa, '-----BEGIN OPENSSH PRIVATE KEY-----\n')
  writeFileSync(`${ecdsa}.pub`, 'ecdsa-sha2-nistp256 AAAA x')
  await expect(readOwnKey(ecdsa, {})).rejects.toThrow(
    'is of kind ecdsa-sha2-nistp256: EC2 takes ssh-rsa and ssh-ed25519 alone',
  )
})
