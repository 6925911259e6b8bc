import { expect, test } from '@jest/globals'
import { batched } from '../../../../drivers/cloud/batch.ts'

const signal = new AbortController().signal

function counted(most = 100) {
  const asked: (readonly string[])[] = []
  const ask = batched<string>(most)
  const load = async (keys: readonly string[]) => {
    asked.push(keys)
    return new Map(keys.filter(key => key !== 'nobody').map(key => [key, key.toUpperCase()]))
  }
  return { asked, of: (place: string, key: string) => ask(place, key, signal, load) }
}

test('questions about one place at one time are one; one about nobody disturbs no other', async () => {
  const { asked, of } = counted()
  expect(await Promise.all([of('x', 'a'), of('x', 'nobody'), of('x', 'b'), of('y', 'c')])).toEqual([
    'A',
    undefined,
    'B',
    'C',
  ])
  expect(asked).toEqual([['a', 'nobody', 'b'], ['c']])
  expect(await of('x', 'a')).toBe('A')
  expect(asked).toHaveLength(3)
})

test('no more at once than the provider takes', async () => {
  const { asked, of } = counted(2)
  expect(await Promise.all(['a', 'b', 'c'].map(key => of('x', key)))).toEqual(['A', 'B', 'C'])
  expect(asked).toEqual([['a', 'b'], ['c']])
})

test('all are told why it failed', async () => {
  const ask = batched<string>(9)
  const load = () => Promise.reject(new Error('no such account'))
  const answers = await Promise.allSettled([ask('x', 'a', signal, load), ask('x', 'b', signal, load)])
  expect(answers.map(answer => answer.status === 'rejected' && answer.reason.message)).toEqual([
    'no such account',
    'no such account',
  ])
})

test('one that gives up ends alone; the question ends when all have', async () => {
  const ask = batched<string>(9)
  const first = new AbortController()
  const second = new AbortController()
  let seen: AbortSignal | undefined
  const load = async (_: readonly string[], their: AbortSignal) => {
    seen = their
    await new Promise(resolve => setTimeout(resolve, 50))
    return new Map([['b', 'B']])
  }
  const a = ask('x', 'a', first.signal, load)
  const b = ask('x', 'b', second.signal, load)
  const gaveUp = expect(a).rejects.toThrow('first')
  await new Promise(resolve => setTimeout(resolve, 10))
  first.abort(new Error('first'))
  await gaveUp
  expect(seen?.aborted).toBe(false)
  expect(await b).toBe('B')
  second.abort(new Error('second'))
  expect(seen?.aborted).toBe(true)
})
