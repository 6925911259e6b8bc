/** Ways to launch, one after the other. */
import { expect, test } from '@jest/globals'
import { firstWithRoom, type Refusals } from '../../../../drivers/cloud/in-order.ts'
import { hasCode, MachineError } from '../../../../src/errors.ts'

const full = (name: string) => new MachineError('FULL', `${name} is full`, { hints: [`not ${name}`] })
const refusals: Refusals<string> = {
  isShortage: error => hasCode(error, 'FULL'),
}

async function tried(candidates: string[], open: string | Error, its: Partial<Refusals<string>> = {}) {
  const tries: string[] = []
  const said: string[] = []
  const tryOne = async (name: string) => {
    tries.push(name)
    if (open instanceof Error) throw open
    if (name !== open) throw full(name)
    return `in ${name}`
  }
  const ctx = { say: (event: { type: string; text?: string }) => void said.push(`${event.type} ${event.text}`) }
  const end = await firstWithRoom(candidates, tryOne, { ...refusals, ...its }, ctx).catch(error => error)
  return { tries, said, end }
}

test('a shortage goes on to the next, and the first with room is taken', async () => {
  expect(await tried(['a', 'b', 'c'], 'b')).toEqual({
    tries: ['a', 'b'],
    said: ['info a is full; trying the next'],
    end: 'in b',
  })
})

test('where all are short, the first one’s refusal is thrown, and that the others were in vain', async () => {
  const { said, end } = await tried(['a', 'b', 'c'], 'd')
  expect(said.at(-1)).toBe('debug c is full')
  expect(end).toMatchObject({
    code: 'FULL',
    message: 'a is full; nor could any of the 2 others be had',
    suggestions: ['not a'],
  })
  const hinted = await tried(['a', 'b'], 'd', { hintsAfterAll: first => [`later than ${first.message}`] })
  expect(hinted.end).toMatchObject({ suggestions: ['later than a is full'] })
})

test('one alone is refused in its own words', async () => {
  expect((await tried(['a'], 'b')).end).toMatchObject({ message: 'a is full', suggestions: ['not a'] })
})

test('what a refusal makes hopeless is not tried', async () => {
  const worthTrying = (_: unknown, [first, ...others]: readonly string[]) =>
    others.filter(each => each[0] !== first?.[0])
  expect(await tried(['a1', 'a2', 'b1'], 'b1', { worthTrying })).toMatchObject({ tries: ['a1', 'b1'], end: 'in b1' })
  const { end } = await tried(['a1', 'a2', 'b1'], 'c', { worthTrying })
  expect(end.message).toBe('a1 is full; nor could the other one be had')
})

test('anything else is thrown at once', async () => {
  const denied = new MachineError('DENIED', 'no')
  expect(await tried(['a', 'b'], denied)).toEqual({ tries: ['a'], said: [], end: denied })
})
