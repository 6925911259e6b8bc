/** The library's copies: silent, and an error says why. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, jest, test } from '@jest/globals'
import { copyFiles, mountFolder, unmountFolder } from '../../src/index.ts'
import { writeSshMachine } from '../kit/ssh-machine.ts'
import { startSshd } from '../kit/sshd.ts'
import { makeTempDir } from '../kit/temp-dir.ts'
import { needs } from '../kit/tools.ts'

jest.setTimeout(60_000)

test('copyFiles copies, prints nothing, and rejects with scp’s last words', async () => {
  using dir = makeTempDir()
  await using sshd = await startSshd({ config: ['Subsystem sftp internal-sftp'] })
  const storagePath = join(dir.path, 'store')
  writeSshMachine(storagePath, 'dev', sshd)
  writeFileSync(join(dir.path, 'a'), 'text')
  await copyFiles(join(dir.path, 'a'), `dev:${dir.path}/b`, { storagePath })
  expect(readFileSync(join(dir.path, 'b'), 'utf8')).toBe('text')
  await expect(copyFiles(`dev:${dir.path}/none`, join(dir.path, 'c'), { storagePath })).rejects.toMatchObject({
    code: 'PROGRAM_FAILED',
    message: expect.stringMatching(/^copy failed with exit code 1: .*No such file or directory/),
  })
  const stopped = AbortSignal.abort(new Error('stop'))
  await expect(copyFiles(join(dir.path, 'a'), `dev:${dir.path}/d`, { storagePath, signal: stopped })).rejects.toThrow(
    'stop',
  )
})

needs('sshfs', 'fusermount3')('mountFolder and unmountFolder', async () => {
  using dir = makeTempDir()
  await using sshd = await startSshd({ config: ['Subsystem sftp internal-sftp'] })
  const storagePath = join(dir.path, 'store')
  const mountPoint = join(dir.path, 'here')
  mkdirSync(mountPoint)
  writeSshMachine(storagePath, 'dev', sshd)
  writeFileSync(join(dir.path, 'a'), 'text')
  await mountFolder({ machine: 'dev', path: dir.path, mountPoint }, { storagePath })
  expect(readFileSync(join(mountPoint, 'a'), 'utf8')).toBe('text')
  await unmountFolder({ mountPoint }, { storagePath })
  await expect(unmountFolder({ mountPoint }, { storagePath })).rejects.toThrow('unmount failed with exit code 1')
})
