/** What is swept and what is not, with a driver whose provider is an array. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { type AnyDriver, defineDriver } from '../../../drivers/driver.ts'
import type { Marked } from '../../../drivers/sweep.ts'
import { createMachine } from '../../../src/machine/create.ts'
import { removeMachine } from '../../../src/machine/remove.ts'
import { sweep } from '../../../src/machine/sweep.ts'
import type { World } from '../../../src/machine/world.ts'
import { openStore } from '../../../src/store/store.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

interface State {
  Id?: string
}
let folder: TempDir
let things: Marked[]
let w: World
let driver: AnyDriver

beforeEach(() => {
  folder = makeTempDir()
  things = []
  driver = defineDriver({
    name: 'cloud',
    summary: 'an array',
    flags: {},
    automatic: false,
    provisions: false,
    keys: 'own',
    usable: async () => ({ usable: true, missing: [] }),
    preflight: async () => {},
    async create(_, ctx): Promise<State & { IPAddress: string }> {
      const state = { Id: `i-${ctx.name}`, IPAddress: '192.0.2.7' }
      things.push(thing(state.Id, ctx.name))
      await ctx.checkpoint(state)
      return state
    },
    inspect: async () => ({ status: 'Running', address: '192.0.2.7' }),
    async remove(state) {
      if (state.Id === 'i-stubborn') throw new Error('no')
      things = things.filter(each => each.id !== state.Id)
    },
    sweep: {
      flags: {},
      find: async () => [...things],
      owns: (state: State, each) => each.kind === 'shared' || state.Id === undefined || state.Id === each.id,
      async remove(gone) {
        things = things.filter(each => !gone.includes(each) || each.id === 'i-stuck')
        return gone.filter(each => each.id === 'i-stuck').map(each => ({ thing: each, why: 'in use' }))
      },
    },
  }) as AnyDriver
  w = { ...worldOf(join(folder.path, 'store')), drivers: [driver] }
})
afterEach(() => folder[Symbol.dispose]())

function thing(id: string, machine?: string, kind = 'instance'): Marked {
  return { kind, id, place: 'here', ...(machine === undefined ? {} : { machine }) }
}
const create = (name: string) => createMachine({ name, driver, config: {} }, w)
const ids = (all: readonly Marked[]) => all.map(each => each.id)

test('what a record owns is not among them; what nobody owns is listed, and removed only when that is asked for', async () => {
  await create('web')
  things.push(thing('i-old', 'web'), thing('i-lost', 'gone'))
  const seen = await sweep(driver, {}, w)
  expect(ids(seen.leftovers)).toEqual(['i-old', 'i-lost'])
  expect(seen).toMatchObject({ removed: [], left: [] })
  expect(things).toHaveLength(3)
  const swept = await sweep(driver, {}, w, { remove: true })
  expect(ids(swept.removed)).toEqual(['i-old', 'i-lost'])
  expect(ids(things)).toEqual(['i-web'])
  expect((await sweep(driver, {}, w)).leftovers).toEqual([])
})

test('after rm -f what stayed is found', async () => {
  await create('stubborn')
  await removeMachine('stubborn', w, { force: true })
  expect(ids((await sweep(driver, {}, w, { remove: true })).removed)).toEqual(['i-stubborn'])
})

test('what is shared stays as long as any machine of the driver is there', async () => {
  await create('web')
  things.push(thing('g-1', undefined, 'shared'))
  expect((await sweep(driver, {}, w)).leftovers).toEqual([])
  await removeMachine('web', w)
  expect(ids((await sweep(driver, {}, w)).leftovers)).toEqual(['g-1'])
})

test('a record that cannot be read owns what has its name, and all that is shared', async () => {
  mkdirSync(join(folder.path, 'store/machines/torn'), { recursive: true })
  writeFileSync(join(folder.path, 'store/machines/torn/config.json'), '{')
  things.push(thing('i-torn', 'torn'), thing('g-1', undefined, 'shared'), thing('i-other', 'other'))
  expect(ids((await sweep(driver, {}, w)).leftovers)).toEqual(['i-other'])
})

test('a machine another process works on is left alone, and that is said', async () => {
  things.push(thing('i-1', 'busy'), thing('i-2', 'free'))
  const other = openStore(join(folder.path, 'store'))
  await using _lock = await other.lock('busy', { purpose: 'create busy' })
  const swept = await sweep(driver, {}, w, { remove: true })
  expect(ids(swept.removed)).toEqual(['i-2'])
  expect(swept.left).toEqual([{ thing: things[0], why: expect.stringContaining('machine "busy" is being worked on') }])
  expect(ids(things)).toEqual(['i-1'])
})

test('what was made under the name meanwhile is looked at again when the lock is there', async () => {
  things.push(thing('i-late', 'late'))
  const store: World['store'] = {
    ...w.store,
    async lock(name, options) {
      mkdirSync(join(folder.path, 'store/machines/late'), { recursive: true })
      writeFileSync(join(folder.path, 'store/machines/late/config.json'), '{')
      return await w.store.lock(name, options)
    },
  }
  const swept = await sweep(driver, {}, { ...w, store }, { remove: true })
  expect(ids(swept.leftovers)).toEqual(['i-late'])
  expect(swept.removed).toEqual([])
  expect(ids(things)).toEqual(['i-late'])
})

test('what cannot be removed is told with its reason', async () => {
  things.push(thing('i-stuck', 'x'), thing('i-2', 'not a name / at all'))
  const swept = await sweep(driver, {}, w, { remove: true })
  expect(ids(swept.removed)).toEqual(['i-2'])
  expect(swept.left).toEqual([{ thing: thing('i-stuck', 'x'), why: 'in use' }])
})

test('a driver that cannot is refused', async () => {
  const { sweep: _, ...unable } = driver
  await expect(sweep(unable as AnyDriver, {}, w)).rejects.toThrow('driver cloud leaves nothing that could be found')
})
