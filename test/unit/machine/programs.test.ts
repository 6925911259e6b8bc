/** Programs run on this process's own streams: their ends, and ours. */
import { describe, expect, test } from '@jest/globals'
import { runHere } from '../../../src/machine/programs.ts'

describe('runHere', () => {
  const never = { signal: new AbortController().signal }

  test.each([
    ['exit 3', 3],
    ['kill -SEGV $$', 139],
    ['kill -TERM $$', 143],
  ])('%s gives %d', async (script, code) => expect(await runHere('sh', ['-c', script], never)).toBe(code))

  test('an abort ends the program too', async () => {
    const controller = new AbortController()
    const ended = runHere('sleep', ['100000'], controller)
    controller.abort(new Error('stopped'))
    await expect(ended).rejects.toThrow('stopped')
  })

  test('after an abort nothing is run', async () => {
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(runHere('/no/such/program', [], { signal })).rejects.toThrow('stopped')
  })
})
