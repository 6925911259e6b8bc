import { expect, test } from '@jest/globals'
import { type BodyEnd, chunked, ofLength, unchunked } from '../../../../agent/http/body.ts'

/** Feeds a text in pieces of `size`; returns how many bytes the body took. */
function fed(body: BodyEnd, text: string, size: number): number {
  let used = 0
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length && !body.done; at += size) used += body.take(bytes.subarray(at, at + size))
  return used
}

const BODY = '5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n'

test('a whole body of a million chunks is put together', () => {
  const bytes = Buffer.from(`${'1\r\nx\r\n'.repeat(1_000_000)}2\r\nyz\r\n0\r\n\r\n`)
  const whole = unchunked(bytes)
  expect(whole.length).toBe(1_000_002)
  expect(whole.subarray(-4).toString()).toBe('xxyz')
})

test.each([1, 2, 3, 5, 7, 1000])('a chunked body ends where it ends, in pieces of %d', size => {
  const body = chunked(true)
  const next = size === 1000 ? 'GET / HTTP/1.1' : ''
  expect(fed(body, BODY + next, size)).toBe(BODY.length)
  expect(body.done).toBe(true)
})

test('an answer may have extensions and trailers, a request may not', () => {
  const text = '3;x=y\r\nabc\r\n0\r\nA: b\r\n\r\n'
  const body = chunked(false)
  expect(fed(body, text, 4)).toBe(text.length)
  expect(body.done).toBe(true)
  expect(() => fed(chunked(true), text, 100)).toThrow('size')
  expect(() => fed(chunked(true), '0\r\nA: b\r\n\r\n', 100)).toThrow('chunked')
})

test.each([
  '5\nhello\n0\n\n',
  '0x5\r\nhello\r\n0\r\n\r\n',
  '5 \r\nhello\r\n0\r\n\r\n',
  '-1\r\n',
  '\r\n',
  '123456789\r\n',
  '5\r\nhello!\r\n',
  '5\r\nhello\n0\r\n\r\n',
])('the chunked body %j is refused', text => {
  for (const size of [1, 1000]) expect(() => fed(chunked(true), text, size)).toThrow()
})

test('a body of a length takes that many bytes', () => {
  const body = ofLength(5)
  expect(body.done).toBe(false)
  expect(fed(body, 'helloGET', 3)).toBe(5)
  expect(body.done).toBe(true)
  expect(ofLength(0).done).toBe(true)
})

test('a whole chunked body loses its coding', () => {
  expect(unchunked(Buffer.from(BODY)).toString()).toBe('helloabcdefghijklmnopqrstuvwxyz')
})
