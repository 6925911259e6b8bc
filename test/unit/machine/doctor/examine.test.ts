import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from '@jest/globals'
import { MachineError } from '../../../../src/errors.ts'
import { type Check, failed, ok, skipped, warning } from '../../../../src/machine/doctor/check.ts'
import { examine } from '../../../../src/machine/doctor/examine.ts'
import type { World } from '../../../../src/machine/world.ts'
import { worldOf } from '../world.ts'

const w = worldOf('/nonexistent')
const check = (id: string, look: (w: World) => Promise<ReturnType<typeof ok>>, ...needs: string[]): Check<World> => ({
  id,
  what: `the ${id}`,
  needs,
  look,
})
const run = (checks: Check<World>[], more: { timeoutMs?: number; w?: World } = {}) =>
  examine(checks, { w, machine: 'dev', timeoutMs: 5000, patient: own => own, ...more })

describe('checks', () => {
  test('are told in their order, whichever is done first', async () => {
    const slow = check('slow', async () => {
      await sleep(50)
      return ok('at last')
    })
    const results = await run([slow, check('quick', async () => warning('odd', 'mend it'))])
    expect(results).toEqual([
      { machine: 'dev', check: 'slow', what: 'the slow', state: 'ok', detail: 'at last', remedies: [] },
      { machine: 'dev', check: 'quick', what: 'the quick', state: 'warning', detail: 'odd', remedies: ['mend it'] },
    ])
  })

  test('that need a failed one are skipped and say so, and so are those that need them; a warning is enough', async () => {
    const results = await run([
      check('a', async () => failed('no')),
      check('b', async () => ok(''), 'a'),
      check('c', async () => ok(''), 'b'),
      check('d', async () => warning('hm')),
      check('e', async () => ok('yes'), 'd'),
      check('f', async () => skipped('not for this driver')),
      check('g', async () => ok(''), 'f'),
    ])
    expect(results.map(r => [r.state, r.detail])).toEqual([
      ['failed', 'no'],
      ['skipped', 'not looked at: the a failed'],
      ['skipped', 'not looked at: the a failed'],
      ['warning', 'hm'],
      ['ok', 'yes'],
      ['skipped', 'not for this driver'],
      ['skipped', 'not for this driver'],
    ])
  })

  test('that throw have failed, with the advice of the error for this machine', async () => {
    const error = new MachineError('X', 'it\n  broke', { hints: ['machine provision NAME mends it'] })
    const [result] = await run([
      check('a', async () => {
        throw error
      }),
    ])
    expect(result).toMatchObject({
      state: 'failed',
      detail: 'it broke',
      remedies: ['machine provision dev mends it'],
    })
  })

  test('that hang cost their own deadline, whether they heed their signal or not', async () => {
    const deaf = check('deaf', () => new Promise(() => {}))
    const obedient = check('obedient', own => new Promise((_, reject) => own.signal.addEventListener('abort', reject)))
    const results = await run([deaf, obedient, check('quick', async () => ok('here'))], { timeoutMs: 100 })
    expect(results.map(r => [r.state, r.detail])).toEqual([
      ['failed', 'took longer than 0.1 s'],
      ['failed', 'took longer than 0.1 s'],
      ['ok', 'here'],
    ])
  })

  test('end with the signal of the caller', async () => {
    const stop = new AbortController()
    const waiting = check('waiting', own => new Promise((_, reject) => own.signal.addEventListener('abort', reject)))
    const running = run([waiting], { w: { ...w, signal: stop.signal } })
    stop.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
  })
})
