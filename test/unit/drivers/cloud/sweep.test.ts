/** Where a sweep looks, and in what order what it found goes. */
import { expect, test } from '@jest/globals'
import { regionsNamed, removeInOrder } from '../../../../drivers/cloud/sweep.ts'
import type { Marked } from '../../../../drivers/sweep.ts'

const thing = (kind: string, id: string): Marked => ({ kind, id, place: 'here', machine: 'web' })
const group = thing('group', 'g')
const host = thing('host', 'h')
const key = thing('key', 'k')

test('what hangs on others goes first; what is gone is no trouble, and what stays is told with why', async () => {
  const removed: Marked[] = []
  const removeOne = async (each: Marked) => {
    if (each === key) throw new Error('gone')
    if (each === group) throw new Error('something uses it')
    removed.push(each)
  }
  const isGone = (error: unknown) => (error as Error).message === 'gone'
  const ctx = { signal: new AbortController().signal }
  expect(await removeInOrder([group, key, host], ['host', 'key', 'group'], removeOne, isGone, ctx)).toEqual([
    { thing: group, why: 'something uses it' },
  ])
  expect(removed).toEqual([host])
})

test('an abort ends it with its reason', async () => {
  const controller = new AbortController()
  const removeOne = async () => {
    controller.abort(new Error('enough'))
    throw new Error('cut off')
  }
  const sweep = removeInOrder([host, key], ['host', 'key'], removeOne, () => false, { signal: controller.signal })
  await expect(sweep).rejects.toThrow('enough')
})

test('regions are the ones named, all there are, or the default', async () => {
  const all = async () => ['a-1', 'b-1']
  expect(await regionsNamed(' a-1, c-1,', all)).toEqual(['a-1', 'c-1'])
  expect(await regionsNamed('all', all)).toEqual(['a-1', 'b-1'])
  expect([await regionsNamed(undefined, all), await regionsNamed('', all)]).toEqual([[undefined], [undefined]])
})
