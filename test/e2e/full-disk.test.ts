/** A store whose disk is full: what is there can be shown and removed, which makes room; nothing is made or lost. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, jest, test } from '@jest/globals'
import { startHome } from '../kit/cli.ts'
import { mountLoopDisk } from '../kit/loop-disk.ts'

jest.setTimeout(120_000)
const suite = process.getuid?.() === 0 ? describe : describe.skip

suite('a full disk', () => {
  test('rm works, and create works again once there is room', async () => {
    using disk = mountLoopDisk(8)
    const store = join(disk.path, 'store')
    await using home = await startHome({ MACHINE_STORAGE_PATH: store })
    const url = ['-d', 'none', '--url', 'tcp://192.0.2.1:2376']
    await home.ok('create', ...url, 'm1', 'm2', 'm3')
    const filler = join(disk.path, 'filler')
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler} bs=1k 2>/dev/null || :; sync`])

    const refused = await home.cli('create', ...url, 'm4')
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/cannot write .*: the disk is full/)])
    expect(await home.ok('ls', '-q')).toBe('m1\nm2\nm3\n')
    const doctor = await home.cli('doctor')
    expect([doctor.code, doctor.stdout]).toEqual([
      1,
      expect.stringContaining(
        `✗ disk of the store   full: 0 MB free at ${store}\n      → make room on that disk: df -h ${store}\n`,
      ),
    ])

    // Each takes its lock before anything is gone: fill up again what the one before freed.
    expect(await home.cli('rm', '-y', 'm1')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Successfully removed m1'),
    })
    execFileSync('sh', ['-c', `dd if=/dev/zero of=${filler}2 bs=1k 2>/dev/null || :; sync`])
    expect((await home.cli('rm', '-f', 'm2')).code).toBe(0)
    expect(await home.ok('ls', '-q')).toBe('m3\n')
    expect(readdirSync(join(store, 'locks'))).toEqual([])

    rmSync(filler)
    await home.ok('create', ...url, 'm4')
    expect(await home.ok('ls', '-q')).toBe('m3\nm4\n')
    expect(existsSync(join(store, 'machines/m1'))).toBe(false)
  })
})
