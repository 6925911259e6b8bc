import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { generateKeyPair } from '../../../src/ssh/keys.ts'
import { knownHostsLine, readKnownHosts, writeKnownHosts } from '../../../src/ssh/known-hosts.ts'
import { needs } from '../../kit/tools.ts'

test('a port other than 22 stands with the address in brackets', () => {
  expect(knownHostsLine('192.0.2.1', 22, 'ssh-ed25519 AAAA root@x')).toBe('192.0.2.1 ssh-ed25519 AAAA')
  expect(knownHostsLine('::1', 2222, 'ssh-ed25519 AAAA')).toBe('[::1]:2222 ssh-ed25519 AAAA')
})

needs('ssh-keygen')('what is written is found again, plain and hashed, by us and by ssh-keygen', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'known-'))
  try {
    const path = join(dir, 'known_hosts')
    const key = (await generateKeyPair('ed25519', '')).publicLine
    await writeKnownHosts(path, '192.0.2.1', 2222, [key])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(execFileSync('ssh-keygen', ['-F', '[192.0.2.1]:2222', '-f', path], { encoding: 'utf8' })).toContain(key)
    const plain = await readFile(path, 'utf8')
    execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'ignore' })
    const hashed = await readFile(path, 'utf8')
    expect(hashed).not.toContain('192.0.2.1')
    for (const text of [plain, hashed, `# comment\n\n@revoked x y z\n${hashed}`]) {
      expect(readKnownHosts(text, '192.0.2.1', 2222)).toEqual([key])
      expect(readKnownHosts(text, '192.0.2.1', 22)).toEqual([])
    }
    await writeFile(path, `other,192.0.2.9 ${key} somebody\n`)
    expect(readKnownHosts(await readFile(path, 'utf8'), '192.0.2.9', 22)).toEqual([key])
  } finally {
    await rm(dir, { recursive: true })
  }
})
