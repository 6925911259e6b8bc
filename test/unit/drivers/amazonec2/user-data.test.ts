import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { userDataFor } from '../../../../drivers/amazonec2/user-data.ts'
import { sshPortScript } from '../../../../drivers/cloud/ssh-port.ts'

const folder = mkdtempSync(join(tmpdir(), 'user-data-'))
function file(content: string | Uint8Array): string {
  const path = join(folder, `f${Math.random()}`)
  writeFileSync(path, content)
  return path
}
const decoded = (text: string | undefined) => Buffer.from(text ?? '', 'base64').toString('latin1')

test('none, theirs alone, ours alone, both', async () => {
  expect(await userDataFor({ file: undefined, sshPort: 22 })).toBeUndefined()
  expect(decoded(await userDataFor({ file: file('#cloud-config\n'), sshPort: 22 }))).toBe('#cloud-config\n')
  expect(decoded(await userDataFor({ file: undefined, sshPort: 2222 }))).toBe(sshPortScript(2222))
  expect(decoded(await userDataFor({ file: file('#cloud-config\n'), sshPort: 2222 }))).toMatch(
    /^Content-Type: multipart\/mixed;.*text\/cloud-config.*text\/x-shellscript/s,
  )
})

test('a file goes before a launch template’s, which goes with ours', async () => {
  const theirs = Buffer.from('#!/bin/sh\n').toString('base64')
  expect(decoded(await userDataFor({ file: undefined, sshPort: 22 }, theirs))).toBe('#!/bin/sh\n')
  expect(decoded(await userDataFor({ file: file('#cloud-config\n'), sshPort: 22 }, theirs))).toBe('#cloud-config\n')
  expect(decoded(await userDataFor({ file: undefined, sshPort: 23 }, theirs))).toContain('multipart/mixed')
})

test('more than 16 KB is compressed, and refused where that does not do', async () => {
  const large = await userDataFor({ file: file(`#cloud-config\n#${'x'.repeat(20_000)}\n`), sshPort: 22 })
  expect(Buffer.from(large ?? '', 'base64').subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
  const noise = Uint8Array.from({ length: 40_000 }, () => Math.floor(Math.random() * 256))
  await expect(userDataFor({ file: file(noise), sshPort: 22 })).rejects.toThrow(
    'the user data has 40000 bytes, and EC2 takes 16384, also compressed',
  )
})

test('a file that cannot be read is named', async () => {
  await expect(userDataFor({ file: '/nowhere/user-data', sshPort: 22 })).rejects.toThrow(
    '"/nowhere/user-data" cannot be read',
  )
})

test('the script is one sh can read', () => {
  execFileSync('sh', ['-n'], { input: sshPortScript(2222) })
})
