import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openStore, type Store } from '../../../src/store/store.ts'
import { runTogether } from '../../kit/processes.ts'
import { mountSmallDisk } from '../../kit/small-disk.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'

const claimant = join(import.meta.dirname, 'claimant.ts')
let dir: TempDir
let store: Store
beforeEach(() => {
  dir = makeTempDir()
  store = openStore(join(dir.path, 'store'))
})
afterEach(() => dir[Symbol.dispose]())

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const machines = () => readdirSync(join(store.path, 'machines')).sort()

describe('layout', () => {
  test("is Docker Machine's, with its modes, whatever the umask", async () => {
    const before = process.umask(0)
    try {
      await store.createMachineDir('dev', '{}')
      await store.writeFile(['certs', 'ca.pem'], 'cert', 0o644)
      await store.writeFile(['machines', 'dev', 'id_rsa'], 'key', 0o600)
    } finally {
      process.umask(before)
    }
    const modes = ['', 'certs', 'cache', 'machines', 'machines/dev', 'machines/dev/config.json', 'machines/dev/id_rsa']
    expect(modes.map(path => modeOf(join(store.path, path)))).toEqual([...Array(5).fill('700'), '600', '600'])
    expect(modeOf(join(store.path, 'certs/ca.pem'))).toBe('644')
  })

  test('opening, listing and reading make nothing', async () => {
    expect(await store.list()).toEqual([])
    expect(await store.exists('dev')).toBe(false)
    expect(await store.readText('dev')).toBeUndefined()
    expect(await store.readFile(['certs', 'ca.pem'])).toBeUndefined()
    expect(existsSync(store.path)).toBe(false)
  })

  test('an existing folder keeps its mode', async () => {
    mkdirSync(store.path, { mode: 0o755 })
    await store.ensure()
    expect(modeOf(store.path)).toBe('755')
  })

  test('a file in the place of a folder is said', async () => {
    mkdirSync(store.path)
    writeFileSync(join(store.path, 'machines'), '')
    await expect(store.ensure()).rejects.toThrow(
      `cannot write ${join(store.path, 'machines')}: a part of the path is not a folder`,
    )
  })
})

describe('list', () => {
  test('is in natural order, case folded, without files and dot folders', async () => {
    for (const name of ['n10', 'n2', 'N1', 'b', 'B', 'a', '.removed-x-cafe0001', '.new-y-cafe0001', '.git'])
      mkdirSync(join(store.path, 'machines', name), { recursive: true })
    writeFileSync(join(store.path, 'machines', 'file'), '')
    expect(await store.list()).toEqual(['a', 'B', 'b', 'N1', 'n2', 'n10'])
  })

  test('shows folders others made under names we would not give', async () => {
    mkdirSync(join(store.path, 'machines', 'my_box'), { recursive: true })
    expect(await store.list()).toEqual(['my_box'])
    expect(await store.exists('my_box')).toBe(true)
  })
})

describe('createMachineDir', () => {
  test.each(['locked', ''])(
    'ten processes at once: exactly one wins (%j)',
    async locked => {
      const ran = await runTogether(claimant, 10, index => [store.path, 'dev', `text ${index}`, locked])
      const said = ran.map(r => r.stdout.trim())
      expect(said.toSorted()).toEqual([...Array(9).fill('ALREADY_EXISTS'), 'made'])
      expect(await store.readText('dev')).toBe(`text ${said.indexOf('made')}`)
      expect(machines()).toEqual(['dev'])
    },
    60_000,
  )

  test("says Docker Machine's sentence for a taken name and changes nothing", async () => {
    await store.createMachineDir('dev', 'first')
    await expect(store.createMachineDir('dev', 'second')).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: 'Docker machine "dev" already exists',
    })
    expect(await store.readText('dev')).toBe('first')
  })

  test('on a full disk makes nothing', async () => {
    using disk = mountSmallDisk(64)
    const full = openStore(disk.path)
    await full.ensure()
    await expect(full.createMachineDir('dev', 'x'.repeat(100_000))).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('the disk is full'),
    })
    expect(readdirSync(join(disk.path, 'machines'))).toEqual([])
  })
})

describe('removeMachine', () => {
  test('leaves nothing, and twice is as good as once', async () => {
    await store.createMachineDir('dev', '{}')
    await store.writeFile(['machines', 'dev', 'id_rsa'], 'key', 0o600)
    mkdirSync(join(store.machineDir('dev'), 'deep', 'er'), { recursive: true })
    await store.removeMachine('dev')
    expect(machines()).toEqual([])
    await store.removeMachine('dev')
    expect(await store.exists('dev')).toBe(false)
  })

  test('sweeps what crashes left: half-removed machines, and half-made ones of its own name at any age', async () => {
    await store.ensure()
    for (const name of ['.removed-a-cafe0001', '.new-dev-cafe0001', '.new-other-cafe0001', '.new-dev-2-cafe0001'])
      mkdirSync(join(store.path, 'machines', name))
    await store.removeMachine('dev')
    expect(machines()).toEqual(['.new-dev-2-cafe0001', '.new-other-cafe0001'])
  })

  test('a half-made machine nobody works on any more is swept by the next create', async () => {
    await store.ensure()
    const old = join(store.path, 'machines', '.new-dev-cafe0001')
    mkdirSync(old)
    utimesSync(old, new Date(0), new Date(0))
    await store.createMachineDir('other', '{}')
    expect(machines()).toEqual(['other'])
  })

  test('guards of locks that are gone are swept', async () => {
    await store.ensure()
    writeFileSync(join(store.path, 'locks', 'gone.lock.cafe0001'), '{}')
    await store.removeMachine('dev')
    expect(readdirSync(join(store.path, 'locks'))).toEqual([])
  })
})

test('a place where no folder can be made, though nothing is in the way, is refused', async () => {
  await expect(openStore('/proc/nowhere/store').ensure()).rejects.toMatchObject({
    code: 'STORE_UNWRITABLE',
    message: 'cannot write /proc/nowhere: permission denied',
  })
})

describe('a read-only store', () => {
  test.each(['', 'deep/er'])('that is not there yet is said (%j)', async below => {
    using disk = mountSmallDisk(64)
    disk.makeReadOnly()
    await expect(openStore(join(disk.path, below)).ensure()).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringMatching(`^cannot write ${disk.path}/(certs|deep): the file system is read-only$`),
    })
  })

  test('can be read; writing says why not', async () => {
    using disk = mountSmallDisk(256)
    const its = openStore(disk.path)
    await its.createMachineDir('dev', 'text')
    const id = its.id()
    disk.makeReadOnly()
    const again = openStore(disk.path)
    expect(await again.list()).toEqual(['dev'])
    expect(await again.readText('dev')).toBe('text')
    expect(again.id()).toBe(id)
    const refused = { code: 'STORE_UNWRITABLE', message: expect.stringContaining('the file system is read-only') }
    await expect(again.writeText('dev', 'new')).rejects.toMatchObject(refused)
    await expect(again.lock('dev', { purpose: 'x' })).rejects.toMatchObject(refused)
    await expect(again.createMachineDir('new', '{}')).rejects.toMatchObject(refused)
    await expect(again.removeMachine('dev')).rejects.toMatchObject(refused)
    expect(await again.list()).toEqual(['dev'])
  })
})

describe('locks of the store', () => {
  test('hold one machine, not others, and the store knows what it holds', async () => {
    const lock = await store.lock('dev', { purpose: 'x' })
    expect([store.holds('dev'), store.holds('other')]).toEqual([true, false])
    await expect(store.lock('dev', { purpose: 'y' })).rejects.toThrow('machine "dev" is being worked on by process')
    await using _other = await store.lock('other', { purpose: 'z' })
    await lock[Symbol.asyncDispose]()
    expect(store.holds('dev')).toBe(false)
  })

  test('the one on the certificates clears temporary files of crashes', async () => {
    await store.ensure()
    writeFileSync(join(store.path, 'certs', '.ca-key.pem.cafe00010002.tmp'), 'half')
    await using _lock = await store.lockCerts({ purpose: 'x' })
    await expect(store.lockCerts({ purpose: 'y' })).rejects.toThrow(
      'the certificates of this store are being worked on by process',
    )
    expect(readdirSync(join(store.path, 'certs'))).toEqual([])
  })
})

describe('id', () => {
  test('is eight hex digits, kept by a moved and by a copied store', async () => {
    const id = store.id()
    expect(id).toMatch(/^[0-9a-f]{8}$/)
    expect(openStore(store.path).id()).toBe(id)
    const [moved, copied] = [join(dir.path, 'moved'), join(dir.path, 'copied')]
    cpSync(store.path, copied, { recursive: true })
    renameSync(store.path, moved)
    expect([openStore(moved).id(), openStore(copied).id()]).toEqual([id, id])
  })

  test('differs between stores', () => {
    expect(openStore(join(dir.path, 'other')).id()).not.toBe(store.id())
  })

  test('of a read-only store that has none comes from its path, and stays', () => {
    using disk = mountSmallDisk(64)
    disk.makeReadOnly()
    expect(openStore(disk.path).id()).toBe(openStore(disk.path).id())
    expect(readdirSync(disk.path)).toEqual([])
  })

  test('is made again where its file is unreadable nonsense', async () => {
    await store.ensure()
    writeFileSync(join(store.path, '.machine-store-id'), 'nonsense')
    expect(store.id()).toMatch(/^[0-9a-f]{8}$/)
    expect(readFileSync(join(store.path, '.machine-store-id'), 'utf8')).toBe('nonsense')
  })
})
