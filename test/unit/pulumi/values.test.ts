import { expect, test } from '@jest/globals'
import { durationMs } from '../../../src/pulumi/core/duration.ts'
import { dueOf, isDue } from '../../../src/pulumi/core/ends.ts'
import { differing, hasUnknown, same, UNKNOWN } from '../../../src/pulumi/core/values.ts'

test('absent members and their order make no difference, those of lists do', () => {
  expect(same({ a: 1, b: { c: null } }, { b: {}, a: 1 })).toBe(true)
  expect(same(undefined, {})).toBe(true)
  expect(same(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(same({ a: '1' }, { a: 1 })).toBe(false)
  expect(differing({ b: 1, a: [1], c: null }, { b: 2, a: [1], d: 0 })).toEqual(['b', 'd'])
})

test('what is not known is found however deep it lies', () => {
  expect(hasUnknown({ a: [{ b: UNKNOWN }] })).toBe(true)
  expect(hasUnknown({ a: [{ b: 'known' }], c: null })).toBe(false)
})

test.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['1.5m', 90_000],
  ['500ms', 500],
  ['soon', undefined],
  ['10', undefined],
  ['', undefined],
])('the duration %j', (text, ms) => {
  expect(durationMs(text)).toBe(ms)
})

test('a certificate is due in the last third of its life, or in its last 30 days', () => {
  const notBefore = new Date('2026-01-01T00:00:00Z')
  const after = (days: number) => new Date(notBefore.getTime() + days * 86_400_000)
  expect(dueOf({ notBefore, notAfter: after(397) })).toEqual(after(367))
  expect(dueOf({ notBefore, notAfter: after(9) })).toEqual(after(6))
  expect(isDue('2026-01-01T00:00:00.000Z', notBefore)).toBe(true)
  expect(isDue('2026-01-01T00:00:00.001Z', notBefore)).toBe(false)
  expect(isDue('', notBefore)).toBe(false)
  expect(isDue(undefined, notBefore)).toBe(false)
})
