import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadRecord } from '../../../src/machine/load.ts'
import { openStore, type Store } from '../../../src/store/store.ts'
import { mountSmallDisk } from '../../kit/small-disk.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { fixture } from './fixtures.ts'

let dir: TempDir
let store: Store
beforeEach(async () => {
  dir = makeTempDir()
  store = openStore(dir.path)
})
afterEach(() => dir[Symbol.dispose]())

const config = () => join(store.machineDir('gen'), 'config.json')
const backup = () => `${config()}.bak`

describe('a record of an older version', () => {
  test.each([0, 1, 2])('version %d is written back once, its bytes kept beside', async version => {
    const old = fixture(version, 'generic')
    await store.createMachineDir('gen', old)
    const record = await loadRecord(store, 'gen')
    expect(readFileSync(backup(), 'utf8')).toBe(old)
    expect(statSync(backup()).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(config(), 'utf8'))).toEqual(record)
    const before = [statSync(backup()).ino, statSync(config()).ino]
    expect(await loadRecord(store, 'gen')).toEqual(record)
    expect([statSync(backup()).ino, statSync(config()).ino]).toEqual(before)
  })

  test('is read on a read-only store, and nothing written', async () => {
    using disk = mountSmallDisk(256)
    store = openStore(disk.path)
    const old = fixture(1, 'generic')
    await store.createMachineDir('gen', old)
    disk.makeReadOnly()
    const record = await loadRecord(store, 'gen')
    expect([record.ConfigVersion, record.Driver.IPAddress]).toEqual([3, '203.0.113.7'])
    expect([existsSync(backup()), readFileSync(config(), 'utf8')]).toEqual([false, old])
  })

  test('is read while somebody works on the machine, and nothing written', async () => {
    const old = fixture(2, 'generic')
    await store.createMachineDir('gen', old)
    await using _lock = await openStore(dir.path).lock('gen', { purpose: 'something else' })
    expect((await loadRecord(store, 'gen')).ConfigVersion).toBe(3)
    expect([existsSync(backup()), readFileSync(config(), 'utf8')]).toEqual([false, old])
  })

  test('is written by who has the lock', async () => {
    await store.createMachineDir('gen', fixture(2, 'generic'))
    await using _lock = await store.lock('gen', { purpose: 'provision gen' })
    await loadRecord(store, 'gen')
    expect(existsSync(backup())).toBe(true)
  })
})

describe('what cannot be read stays as it is', () => {
  test.each([
    ['empty', '', 'RECORD_UNREADABLE'],
    ['cut off', fixture(3, 'generic').slice(0, 400), 'RECORD_UNREADABLE'],
    ['an empty object', '{}', 'RECORD_UNREADABLE'],
    ['of the future', fixture(3, 'generic').replace('"ConfigVersion": 3', '"ConfigVersion": 4'), 'RECORD_FUTURE'],
  ])('%s', async (_, text, code) => {
    await store.createMachineDir('gen', text)
    const before = statSync(config())
    await expect(loadRecord(store, 'gen')).rejects.toMatchObject({ code })
    expect(readFileSync(config(), 'utf8')).toBe(text)
    expect([statSync(config()).ino, existsSync(backup())]).toEqual([before.ino, false])
  })
})

describe('what is not there', () => {
  test("is told in Docker Machine's words, under the name the program was called by", async () => {
    await expect(loadRecord(store, 'gen', 'docker-machine')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message:
        'Docker machine "gen" does not exist. Use "docker-machine ls" to list machines. Use "docker-machine create" to add a new one.',
    })
    expect(existsSync(join(dir.path, 'machines'))).toBe(false)
  })

  test.each(['../x', '', '.x'])('%j is not there either', async name => {
    await expect(loadRecord(store, name)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a folder without a record is said', async () => {
    await store.ensure()
    await store.createMachineDir('gen', 'x')
    writeFileSync(backup(), '')
    await store.renameFile(['machines', 'gen', 'config.json'], ['machines', 'gen', 'other'])
    await expect(loadRecord(store, 'gen')).rejects.toMatchObject({
      code: 'RECORD_UNREADABLE',
      message: 'Error getting migrated host: machine "gen" has a folder but no config.json',
    })
  })
})
