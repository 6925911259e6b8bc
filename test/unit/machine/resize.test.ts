/** A driver's settings changed in place: what is recorded when, what a stop at each step leaves, what a failure brings back. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { AnyDriver, Ctx, Status } from '../../../drivers/driver.ts'
import type { ResizePlan } from '../../../drivers/resize.ts'
import { resizeByFlags } from '../../../src/driver-change.ts'
import { createMachine } from '../../../src/machine/create.ts'
import { loadRecord } from '../../../src/machine/load.ts'
import { power } from '../../../src/machine/power.ts'
import type { ResizeOptions } from '../../../src/machine/resize.ts'
import type { World } from '../../../src/machine/world.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

type State = Record<string, unknown>

/** A provider of one instance, without an engine that anybody provisions. */
let its: { status: Status; type: string }
/** What was asked of it. */
let asked: string[]
/** Actions that fail, once each. */
let fails: Set<string>

function act(name: string, work: () => void): void {
  asked.push(name)
  if (fails.delete(name)) throw new Error(`no ${name}`)
  work()
}

function be(status: Status): void {
  its.status = status
}

const toy: AnyDriver = {
  name: 'toy',
  summary: 'for tests',
  flags: {
    size: { type: 'string', help: 'size' },
    cores: { type: 'int', help: 'cores' },
    place: { type: 'string', help: 'place' },
  },
  automatic: false,
  provisions: false,
  keys: 'own',
  usable: async () => ({ usable: true, missing: [] }),
  preflight: async () => {},
  create: async () => ({ Size: its.type }),
  inspect: async () => ({ status: its.status, address: '192.0.2.1', url: 'tcp://192.0.2.1:2376' }),
  remove: async () => {},
  power: {
    stop: async () => act('stop', () => be('Stopped')),
    start: async () => act('start', () => be('Running')),
  },
  resize: {
    settings: { size: 'another size' },
    async plan(state: State, { size }: State): Promise<ResizePlan<State>> {
      if (size === 'impossible') throw new Error('there is no such size')
      const differences = size === its.type ? [] : [{ setting: 'size', from: its.type, to: String(size) }]
      return { now: { ...state, Size: its.type }, next: { ...state, Size: size }, differences }
    },
    async apply({ Size }: State) {
      if (its.type === Size) return
      act(`be ${Size}`, () => {
        if (its.status !== 'Stopped') throw new Error('it is not stopped')
        its.type = String(Size)
      })
    },
  },
}

let dir: TempDir
let w: World
let said: string[]
beforeEach(async () => {
  dir = makeTempDir()
  its = { status: 'Running', type: 'small' }
  asked = []
  fails = new Set()
  said = []
  w = { ...worldOf(dir.path), drivers: [toy], say: event => void said.push(event.text ?? '') }
  await createMachine({ name: 'web', driver: toy, config: {} }, w)
  said.length = 0
})
afterEach(() => dir[Symbol.dispose]())

const resize = (size: string, options?: ResizeOptions, world = w) =>
  resizeByFlags('web', { 'toy-size': size }, world, options)
const onRecord = async () => {
  const { Driver, Machine } = await loadRecord(w.store, 'web')
  return [Driver.Size, Machine?.Resize]
}
const BIG = { Start: true, Settings: { size: 'big' } }

test('stopped, changed, started; the record says so afterwards', async () => {
  expect(await resize('big')).toEqual({
    name: 'web',
    changes: [{ setting: 'toy-size', from: 'small', to: 'big' }],
    restart: true,
    applied: true,
  })
  expect([asked, its]).toEqual([['stop', 'be big', 'start'], { status: 'Running', type: 'big' }])
  expect(await onRecord()).toEqual(['big', undefined])
  expect(said).toEqual(['Stopping "web"...', 'Changing "web"...', 'Starting "web"...'])
})

test('one that is off stays off', async () => {
  its.status = 'Stopped'
  expect(await resize('big')).toMatchObject({ restart: false, applied: true })
  expect([asked, its.status]).toEqual([['be big'], 'Stopped'])
})

test('as it is already: nothing is done, and the record takes it over', async () => {
  its.type = 'big'
  expect(await resize('big')).toEqual({ name: 'web', changes: [], restart: false, applied: false })
  expect([asked, await onRecord()]).toEqual([[], ['big', undefined]])
})

test('a dry run and a no change nothing', async () => {
  expect(await resize('big', { dryRun: true })).toMatchObject({ restart: true, applied: false })
  await expect(resize('big', { confirm: async () => false })).rejects.toThrow('nothing was changed on "web"')
  await expect(resize('impossible')).rejects.toThrow('there is no such size')
  expect([asked, await onRecord()]).toEqual([[], ['small', undefined]])
})

test('what the driver does not change is refused before anything is asked', async () => {
  await expect(resizeByFlags('web', { 'toy-cores': '2' }, w)).rejects.toThrow('--toy-cores holds for a machine')
  await expect(resizeByFlags('web', { 'toy-size': 'big', 'toy-place': 'x' }, w)).rejects.toThrow('--toy-place')
  expect(asked).toEqual([])
})

describe('cut off', () => {
  /** A world that ends at this step, as a crash does: nothing after it is done. */
  async function cutAt(step: string): Promise<void> {
    const gone = new AbortController()
    const end = (name: string) => {
      if (name !== step) return
      gone.abort(new Error('cut off'))
      throw new Error('cut off')
    }
    const thenEnd =
      (name: string, verb: ((state: State, ctx: Ctx) => Promise<void>) | undefined) =>
      async (state: State, ctx: Ctx): Promise<void> => {
        await verb?.(state, ctx)
        end(name)
      }
    const driver: AnyDriver = {
      ...toy,
      power: {
        stop: thenEnd('stop', toy.power?.stop),
        start: thenEnd('start', toy.power?.start),
      },
      resize: {
        ...(toy.resize as NonNullable<AnyDriver['resize']>),
        apply: thenEnd('apply', toy.resize?.apply),
      },
    }
    const world = { ...w, drivers: [driver], signal: gone.signal, point: end }
    await expect(resize('big', {}, world)).rejects.toThrow('cut off')
    asked.length = 0
  }

  test.each([
    ['resize recorded', ['stop', 'be big', 'start']],
    ['stop', ['be big', 'start']],
    ['apply', ['start']],
    ['resized', ['start']],
    ['start', []],
  ])('at "%s": the same command again goes on', async (step, rest) => {
    await cutAt(step)
    expect((await onRecord())[1]).toEqual(BIG)
    expect(await resize('big')).toMatchObject({ applied: true })
    expect([asked, its]).toEqual([rest, { status: 'Running', type: 'big' }])
    expect(await onRecord()).toEqual(['big', undefined])
  })

  test('and started meanwhile: that is told of', async () => {
    await cutAt('stop')
    await power('start', 'web', w)
    expect(said).toContain('a change of its settings was cut off: the same machine modify goes on')
    await resize('big')
    expect([asked, await onRecord()]).toEqual([
      ['start', 'stop', 'be big', 'start'],
      ['big', undefined],
    ])
    said.length = 0
    await power('restart', 'web', w)
    expect(said.filter(text => text.includes('cut off'))).toEqual([])
  })

  test('and another size instead', async () => {
    await cutAt('apply')
    await resize('huge')
    expect([asked, its]).toEqual([['be huge', 'start'], { status: 'Running', type: 'huge' }])
    expect(await onRecord()).toEqual(['huge', undefined])
  })
})

describe('what fails', () => {
  test.each([
    ['stop', ['stop'], 'Running'],
    ['be big', ['stop', 'be big', 'start'], 'Running'],
    ['start', ['stop', 'be big', 'start', 'be small', 'start'], 'Running'],
  ])('%s: the machine is as it was', async (step, all, status) => {
    fails.add(step)
    await expect(resize('big')).rejects.toThrow(`no ${step}`)
    expect([asked, its]).toEqual([all, { status, type: 'small' }])
    expect(await onRecord()).toEqual(['small', undefined])
    expect(said).toContain('that failed: the machine is brought back to what it was')
  })

  test('and cannot be brought back: the error says how to go on, and the record what is under way', async () => {
    for (const step of ['start', 'be small']) fails.add(step)
    await expect(resize('big')).rejects.toMatchObject({
      code: 'MODIFY_STOPPED',
      message: 'no start',
      suggestions: ['the same command again goes on; machine status web shows whether it runs'],
    })
    expect((await onRecord())[1]).toEqual(BIG)
    await resize('big')
    expect([its, await onRecord()]).toEqual([{ status: 'Running', type: 'big' }, ['big', undefined]])
  })
})
