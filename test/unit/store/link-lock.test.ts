/** Locks on a disk with no room for another byte. */
import { readdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createLink } from '../../../src/store/link-lock.ts'
import { holderOf, takeLock } from '../../../src/store/lock.ts'
import { listLocks } from '../../../src/store/locks.ts'
import { ownIdentity } from '../../../src/store/process-identity.ts'
import { mountSmallDisk, type SmallDisk } from '../../kit/small-disk.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'

const asRoot = process.getuid?.() === 0 ? describe : describe.skip
asRoot('on a full disk', () => {
  let disk: SmallDisk
  let path = ''
  beforeEach(() => {
    disk = mountSmallDisk(64)
    path = join(disk.path, 'dev.lock')
    expect(() => writeFileSync(join(disk.path, 'filler'), Buffer.alloc(1_000_000))).toThrow('ENOSPC')
  })
  afterEach(() => disk[Symbol.dispose]())
  const take = (purpose = 'rm dev') => takeLock(path, 'machine "dev" is', { purpose })

  test('a lock is taken, refused to a second and released', async () => {
    {
      await using _lock = await take()
      expect(await holderOf(path)).toMatchObject({ pid: process.pid, purpose: 'work on a full disk' })
      await expect(take()).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringMatching(
          `^machine "dev" is being worked on by process ${process.pid} \\(work on a full disk\\) since \\d{4}-`,
        ),
      })
      // within what ext4 keeps in the inode
      expect(readlinkSync(path).length).toBeLessThan(60)
    }
    expect(readdirSync(disk.path)).toEqual(['filler'])
  })

  test('a dead process’s lock is cleared, by one of many', async () => {
    const mine = await ownIdentity()
    await createLink(path, { ...mine, pid: 2 ** 22 + 1, token: 'cafe0001' })
    const taken = await Promise.allSettled([take(), take(), take()])
    expect(taken.map(t => t.status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const lock of taken) if (lock.status === 'fulfilled') await lock.value[Symbol.asyncDispose]()
    expect(readdirSync(disk.path)).toEqual(['filler'])
  })
})

describe('whose it is', () => {
  let dir: TempDir
  let path = ''
  beforeEach(() => {
    dir = makeTempDir()
    path = join(dir.path, 'dev.lock')
  })
  afterEach(() => dir[Symbol.dispose]())

  test.each([
    ['another computer', { host: 'elsewhere' }, 'elsewhere'],
    ['an earlier boot', { boot: 'before' }, 'dead'],
    ['another namespace of pids', { pids: 'pid:[1]' }, 'elsewhere'],
    ['an earlier process of this pid', { started: '1' }, 'dead'],
    ['this process', {}, 'alive'],
  ])('%s', async (_, changes, fate) => {
    const locks = join(dir.path, 'locks')
    symlinkSync('.', locks)
    await createLink(path, { ...(await ownIdentity()), token: 'cafe0001', ...changes })
    expect(await createLink(path, { ...(await ownIdentity()), token: 'cafe0002' })).toBe(false)
    expect((await listLocks(dir.path)).map(lock => lock.fate)).toEqual([fate])
  })

  test('a link of another kind is no lock of ours, and is waited for by nobody', async () => {
    symlinkSync('nowhere', path)
    await expect(takeLock(path, 'machine "dev" is', { purpose: 'rm dev' })).rejects.toMatchObject({
      code: 'LOCKED',
      message: `${path} is not a lock this program wrote`,
    })
  })
})
