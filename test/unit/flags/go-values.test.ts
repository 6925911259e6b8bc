import { expect, test } from '@jest/globals'
import { parseBool, parseInteger, parseList } from '../../../src/flags/go-values.ts'

test.each([
  ['1 t T TRUE true True', true],
  ['0 f F FALSE false False', false],
  ['yes no on off tRUE 2 -1', undefined],
])('of %s', (words, means) => {
  for (const word of words.split(' ')) expect([word, parseBool(word)]).toEqual([word, means])
  expect(parseBool('')).toBeUndefined()
})

test.each([
  ['0', 0],
  ['15', 15],
  ['-15', -15],
  ['+15', 15],
  ['0x1F', 31],
  ['017', 15],
  ['0o17', 15],
  ['0b101', 5],
  ['-0', 0],
])('%s is %d', (text, value) => expect(parseInteger(text)).toBe(value))

test.each(['', ' 1', '1.0', '1e3', '08', '0x', 'soon', '--1', '99999999999999999999'])('%j is no integer', text =>
  expect(parseInteger(text)).toBeUndefined(),
)

test('a list in a variable', () => {
  expect(parseList('a, b,,c')).toEqual(['a', 'b', 'c'])
  expect([parseList(''), parseList(undefined)]).toEqual([[], []])
})
