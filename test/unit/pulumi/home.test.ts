import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { collect, lay } from '../../../src/pulumi/core/files.ts'
import {
  begunWork,
  homeOf,
  lostIn,
  makeHome,
  markBegun,
  newHome,
  shareCache,
  unmark,
} from '../../../src/pulumi/core/home.ts'
import { openStore } from '../../../src/store/store.ts'

const state = mkdtempSync(join(tmpdir(), 'machine-pulumi-'))
afterAll(() => rmSync(state, { recursive: true }))
const at = (name: unknown) => homeOf(name, { env: { XDG_STATE_HOME: state }, home: '/nonexistent', platform: 'linux' })

test('working files lie under the user’s state folder by the name that the state has, and the store’s id derives from it', async () => {
  const name = newHome()
  const a = at(name)
  expect(newHome()).not.toBe(name)
  expect(a).toMatchObject({ path: `${state}/machine/pulumi/${name}`, storeId: name.slice(0, 8) })
  await makeHome(a)
  expect(openStore(a.store).id()).toBe(a.storeId)
  expect(statSync(a.path).mode & 0o777).toBe(0o700)
  const elsewhere = homeOf(name, { env: {}, home: '/home/someone', platform: 'linux' })
  expect(elsewhere.path).toMatch(/^\/home\/someone\/\.local\/state\/machine\/pulumi\//)
})

test.each([undefined, '', '../../../etc', 'ABCDEF0123456789'])('a state that names %j instead is refused', name => {
  expect(() => at(name)).toThrow('the state names no folder for the machine')
})

test('a machine that was begun and not handed over is lost; one that was being changed is not', async () => {
  const home = at(newHome())
  expect(await lostIn(home)).toEqual([])
  await makeHome(home)
  await markBegun(home, 'made', 'create')
  await markBegun(home, 'changed', 'change')
  expect(await lostIn(home)).toEqual(['made'])
  expect(await begunWork(home, 'changed')).toBe('change')
  await unmark(home, 'made')
  expect(await lostIn(home)).toEqual([])
  expect(await begunWork(home, 'made')).toBeUndefined()
})

test('a machine’s small files travel as text, secret ones for their owner alone, the CA’s only out of its own store', async () => {
  const from = openStore(join(state, 'from'))
  await from.createMachineDir('web', '{"Name":"web"}')
  await from.writeFile(['machines', 'web', 'id_rsa'], 'key', 0o600)
  await from.writeFile(['machines', 'web', 'server.pem'], 'server', 0o644)
  await from.writeFile(['certs', 'ca-key.pem'], 'secret', 0o600)
  writeFileSync(join(state, 'from/machines/web/disk.img'), Buffer.alloc(300 * 1024))
  const files = await collect(from, 'web', true)
  expect(Object.keys(files).sort()).toEqual(['NAME/config.json', 'NAME/id_rsa', 'NAME/server.pem', 'certs/ca-key.pem'])
  expect(Object.keys(await collect(from, 'web', false))).not.toContain('certs/ca-key.pem')

  const to = openStore(join(state, 'to'))
  await lay(to, 'web', files)
  expect(await to.readText('web')).toBe('{"Name":"web"}')
  const mode = (...parts: string[]) => statSync(to.filePath(parts)).mode & 0o777
  expect(mode('machines', 'web', 'id_rsa')).toBe(0o600)
  expect(mode('machines', 'web', 'config.json')).toBe(0o600)
  expect(mode('machines', 'web', 'server.pem')).toBe(0o644)
  expect(mode('certs', 'ca-key.pem')).toBe(0o600)
})

test('downloads are shared between machines', async () => {
  const [a, b] = [at(newHome()), at(newHome())]
  await makeHome(a)
  await shareCache(a)
  writeFileSync(join(a.store, 'cache/node.tgz'), 'node')
  writeFileSync(join(a.store, 'cache/.download-x'), 'half')
  await shareCache(a)
  await makeHome(b)
  await shareCache(b)
  expect(readFileSync(join(b.store, 'cache/node.tgz'), 'utf8')).toBe('node')
  expect(() => statSync(join(b.store, 'cache/.download-x'))).toThrow('ENOENT')
})
