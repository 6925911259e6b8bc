import { expect, test } from '@jest/globals'
import { readRequestHead, renderRequestHead } from '../../../../agent/http/request-head.ts'

const head = (...lines: string[]) => readRequestHead(['GET /info HTTP/1.1', 'Host: docker', ...lines].join('\r\n'))
const rendered = (text: string, upgrade = false) =>
  renderRequestHead(readRequestHead(text.replaceAll('\n', '\r\n')), { upgrade }).toString('latin1')

test('a head is written anew from what was read of it', () => {
  const text =
    'POST /v1.45/containers/create?name=a%20b HTTP/1.1\nHost: docker\nX-Odd:   two  words\t\nContent-Length: 7'
  expect(rendered(text)).toBe(
    'POST /v1.45/containers/create?name=a%20b HTTP/1.1\r\nHost: docker\r\nX-Odd: two  words\r\nContent-Length: 7\r\n\r\n',
  )
})

test('a chunked body stays one, and an absent length is not invented', () => {
  expect(rendered('POST /build HTTP/1.1\nHost: d\nTransfer-Encoding: Chunked')).toMatch(
    /Transfer-Encoding: chunked\r\n\r\n$/,
  )
  expect(rendered('GET / HTTP/1.1\nHost: d')).toBe('GET / HTTP/1.1\r\nHost: d\r\n\r\n')
})

test('an upgrade reaches the engine only where the connection may become a stream', () => {
  const text =
    'POST /exec/1/start HTTP/1.1\nHost: d\nConnection: keep-alive, Upgrade\nUpgrade: tcp\nHTTP2-Settings: AAMAAABk'
  expect(rendered(text)).toBe('POST /exec/1/start HTTP/1.1\r\nHost: d\r\n\r\n')
  expect(rendered(text, true)).toBe(
    'POST /exec/1/start HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n',
  )
})

test.each([
  ['two lengths', ['Content-Length: 1', 'Content-Length: 1'], 400],
  ['length and encoding', ['Content-Length: 1', 'Transfer-Encoding: chunked'], 400],
  ['two encodings', ['Transfer-Encoding: chunked', 'transfer-encoding: chunked'], 400],
  ['another encoding', ['Transfer-Encoding: gzip, chunked'], 501],
  ['an encoding with a blank', ['Transfer-Encoding : chunked'], 400],
  ['an encoding with a tab before its value', ['Transfer-Encoding:\x0bchunked'], 400],
  ['a signed length', ['Content-Length: +1'], 400],
  ['a list of lengths', ['Content-Length: 1, 1'], 400],
  ['a length past all numbers', ['Content-Length: 99999999999999999999'], 400],
  ['an empty length', ['Content-Length:'], 400],
  ['a folded line', ['X-A: b', ' c'], 400],
  ['a line without a name', [': b'], 400],
  ['a line without a colon', ['X-A'], 400],
  ['a lone CR', ['X-A: b\rX-B: c'], 400],
  ['a lone LF', ['X-A: b\nX-B: c'], 400],
  ['a NUL', ['X-A: b\0'], 400],
  ['a second Host', ['Host: other'], 400],
  ['an expectation', ['Expect: 200-ok'], 417],
  ['too many fields', Array.from({ length: 201 }, (_, i) => `X-${i}: y`), 431],
])('%s is refused', (_, lines, status) => {
  expect(() => head(...lines)).toThrow(expect.objectContaining({ status }))
})

test.each([
  ['GET /info HTTP/1.0', 505],
  ['GET /info HTTP/2.0', 505],
  ['PRI * HTTP/2.0', 505],
  ['GET  /info HTTP/1.1', 400],
  ['GET /info HTTP/1.1 ', 400],
  ['GET /in fo HTTP/1.1', 400],
  ['GET http://docker/info HTTP/1.1', 400],
  ['GET info HTTP/1.1', 400],
  ['GET /info#x HTTP/1.1', 400],
  ['GET /%zz HTTP/1.1', 400],
  ['GET /%00 HTTP/1.1', 400],
  ['GET /%ff HTTP/1.1', 400],
  ['GET /a%0d%0ab HTTP/1.1', 400],
  ['GET /a%5Cb HTTP/1.1', 400],
  ['get /info HTTP/1.1', 501],
  ['CONNECT /info HTTP/1.1', 501],
  ['TRACE /info HTTP/1.1', 501],
  ['', 400],
])('the first line %j is refused', (first, status) => {
  expect(() => readRequestHead(`${first}\r\nHost: d`)).toThrow(expect.objectContaining({ status }))
})

test.each([
  ['/containers/../secrets', '/secrets', '/secrets'],
  ['//containers//json/', '/containers/json', '/containers/json'],
  ['/%2e%2e/secrets', '/secrets', '/secrets'],
  ['/containers/%6a%73%6f%6e', '/containers/json', '/containers/json'],
  ['/images/a%2Fb:c/json', '/images/a/b:c/json', '/images/a/b:c/json'],
  ['/images/a%252Fb/json', '/images/a%2Fb/json', '/images/a%252Fb/json'],
  ['/volumes/%C3%A9', '/volumes/é', '/volumes/%C3%A9'],
  ['/', '/', '/'],
  ['/..', '/', '/'],
])('the path %s is judged and forwarded as one and the same', (target, path, forward) => {
  expect(readRequestHead(`GET ${target} HTTP/1.1\r\nHost: d`).target).toMatchObject({ path, forward })
})

test('a field of blanks is read in no time', () => {
  const before = performance.now()
  head(`X-A: a${' '.repeat(120_000)}b`)
  expect(performance.now() - before).toBeLessThan(5000) // it once took a minute and a half
})
