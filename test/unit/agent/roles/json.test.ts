/** The strict reader: what comes out says to Go's reader what was judged. */
import { expect, test } from '@jest/globals'
import { isObject, JsonError, parseJson, renderJson } from '../../../../agent/roles/json.ts'

test.each([
  'null',
  '{"a":[1,-0,1.50,1e400,12345678901234567890123,true,false,null,"x"]}',
  '{"__proto__":{"constructor":1},"":""}',
  '["\\u2028 ſ K \\\\ \\" \\n"]',
  '[[],{},[{}]]',
])('%s says the same when written anew', source => {
  const rendered = renderJson(parseJson(` ${source}\n`))
  expect(JSON.parse(rendered)).toEqual(JSON.parse(source))
  expect(renderJson(parseJson(rendered))).toBe(rendered)
})

test('numbers keep their text', () => {
  const source = '[9007199254740993,18446744073709551615,1.0,-0,1E+2]'
  expect(renderJson(parseJson(source))).toBe(source)
})

test.each([
  ['{"a":1,"a":2}', 'the key a comes twice'],
  ['{"a":1,"\\u0061":2}', 'the key a comes twice'],
  ['{"a":{"b":1,"b":1}}', 'the key b comes twice'],
  ['{} {}', 'there is something after the JSON value'],
  ['{}x', 'there is something after the JSON value'],
  ['1 2', 'there is something after the JSON value'],
  ['"\\ud800"', 'the string at character 0 is no valid Unicode'],
  ['{"\\udc00":1}', 'the string at character 1 is no valid Unicode'],
  ['"a', 'the string at character 0 does not end'],
  ['"a\\"', 'the string at character 0 does not end'],
  ['"a\nb"', 'the string at character 0 does not end'],
  ['"\\x41"', 'the string at character 0 does not end'],
  ['', 'there is no JSON value at character 0'],
  ['\ufeff{}', 'there is no JSON value at character 0'],
  ['\u00a0{}', 'there is no JSON value at character 0'],
  ['01', 'there is something after the JSON value'],
  ['+1', 'there is no JSON value at character 0'],
  ['.5', 'there is no JSON value at character 0'],
  ['NaN', 'there is no JSON value at character 0'],
  ['nul', 'there is no JSON value at character 0'],
  ['True', 'there is no JSON value at character 0'],
  ["{'a':1}", 'a string is missing at character 1'],
  ['{a:1}', 'a string is missing at character 1'],
  ['{"a":1,}', 'a string is missing at character 7'],
  ['[1,]', 'there is no JSON value at character 3'],
  ['[1 2]', 'a comma or ] is missing at character 3'],
  ['{"a" 1}', ': is missing at character 5'],
  ['[', 'there is no JSON value at character 1'],
  ['{"a":1', 'a comma or } is missing at character 6'],
  ['{/**/}', 'a string is missing at character 1'],
])('%j is refused', (source, message) => {
  expect(() => parseJson(source)).toThrow(message)
})

test.each(['{}', '[]', '0', '""'])('a body full of %s is refused before it fills the memory', value => {
  expect(() => parseJson(`[${`${value},`.repeat(2_000_000)}${value}]`)).toThrow('there are more than 50000 values')
})

test('depth has an end', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(renderJson(parseJson(nested(64)))).toBe(nested(64))
  expect(() => parseJson(nested(65))).toThrow('the JSON is nested too deeply')
  expect(() => parseJson('{"a":'.repeat(100_000))).toThrow('the JSON is nested too deeply')
})

test('a long string is read', () => {
  const long = JSON.stringify({ a: '\\"x'.repeat(1_000_000) })
  const value = parseJson(long)
  expect(isObject(value)).toBe(true)
  expect(renderJson(value) === long).toBe(true)
})

test('what JSON.parse takes and refuses, this does too', () => {
  const parts = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '"b"',
    '1',
    '-',
    '.',
    'e5',
    'null',
    'true',
    ' ',
    '\\',
    '\\u0041',
  ]
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return Math.floor((seed / 2 ** 31) * below)
  }
  const differing: string[] = []
  for (let round = 0; round < 20_000; round++) {
    const source = Array.from({ length: 1 + random(9) }, () => parts[random(parts.length)]).join('')
    const mine = outcome(() => renderJson(parseJson(source)))
    if (mine.includes('comes twice')) continue
    const theirs = outcome(() => source)
    if (mine !== theirs) differing.push(source)
  }
  expect(differing).toEqual([])

  function outcome(render: () => string): string {
    try {
      return JSON.stringify(JSON.parse(render()))
    } catch (error) {
      return error instanceof JsonError && error.message.includes('comes twice') ? error.message : 'refused'
    }
  }
})
