import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createExclusive, writeAtomic } from '../../../src/store/atomic.ts'
import { mountSmallDisk } from '../../kit/small-disk.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'

let dir: TempDir
beforeEach(() => {
  dir = makeTempDir()
})
afterEach(() => dir[Symbol.dispose]())

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('writeAtomic', () => {
  test.each([0o600, 0o644])('gives mode %o whatever the umask, and leaves nothing beside', async mode => {
    const before = process.umask(0o077)
    try {
      await writeAtomic(join(dir.path, 'f'), 'text', mode)
    } finally {
      process.umask(before)
    }
    expect(modeOf(join(dir.path, 'f'))).toBe(mode.toString(8))
    expect(readdirSync(dir.path)).toEqual(['f'])
  })

  test('replaces content and mode of what is there', async () => {
    const path = join(dir.path, 'f')
    writeFileSync(path, 'old and longer', { mode: 0o644 })
    await writeAtomic(path, Buffer.from([0, 1, 255]), 0o600)
    expect([...readFileSync(path)]).toEqual([0, 1, 255])
    expect(modeOf(path)).toBe('600')
  })

  test('says in one sentence that the file system is read-only', async () => {
    using disk = mountSmallDisk(64)
    const path = join(disk.path, 'f')
    writeFileSync(path, 'old')
    disk.makeReadOnly()
    await expect(writeAtomic(path, 'new', 0o600)).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: `cannot write ${path}: the file system is read-only`,
      suggestions: ['--storage-path (or MACHINE_STORAGE_PATH) names another folder for the store'],
    })
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  test('on a full disk keeps the old content and leaves nothing beside', async () => {
    using disk = mountSmallDisk(64)
    const path = join(disk.path, 'f')
    writeFileSync(path, 'old')
    await expect(writeAtomic(path, 'x'.repeat(100_000), 0o600)).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: `cannot write ${path}: the disk is full`,
    })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(disk.path)).toEqual(['f'])
  })

  test('says whose permission is missing', async () => {
    const path = join(dir.path, 'f')
    chownSync(dir.path, 0, 0)
    chmodSync(dir.path, 0o755)
    process.seteuid?.(65_534) // root may write everywhere
    try {
      await expect(writeAtomic(path, 'new', 0o600)).rejects.toThrow(`cannot write ${path}: permission denied`)
    } finally {
      process.seteuid?.(0)
    }
  })

  test('says that a part of the path is no folder', async () => {
    writeFileSync(join(dir.path, 'f'), '')
    const path = join(dir.path, 'f', 'g')
    await expect(writeAtomic(path, '', 0o600)).rejects.toThrow(
      `cannot write ${path}: a part of the path is not a folder`,
    )
  })
})

describe('createExclusive', () => {
  test('makes the file once; of many at a time one', async () => {
    const path = join(dir.path, 'f')
    const made = await Promise.all(Array.from({ length: 20 }, (_, i) => createExclusive(path, `${i}`, 0o600)))
    expect(made.filter(Boolean)).toHaveLength(1)
    expect(readFileSync(path, 'utf8')).toBe(String(made.indexOf(true)))
    expect(readdirSync(dir.path)).toEqual(['f'])
  })

  test('says that the disk is full', async () => {
    using disk = mountSmallDisk(64)
    const path = join(disk.path, 'f')
    writeFileSync(join(disk.path, 'big'), Buffer.alloc(64 * 1024))
    await expect(createExclusive(path, 'x', 0o600)).rejects.toThrow(`cannot write ${path}: the disk is full`)
    expect(existsSync(path)).toBe(false)
  })
})
