/** JSON rewritten while it is read: what no rule names stays byte for byte. */
import { expect, test } from '@jest/globals'
import { type Rule, rewriteJson } from '../../../../agent/roles/rewrite.ts'

const nothing: Rule = () => undefined
const lists: Rule = ({ kind }) => (kind === '[' ? '[]' : undefined)

test.each([
  'null',
  ' {"a" : [1, -0,1.50,1e400,12345678901234567890123,true,false,null,"x\\"\\\\"] }\n',
  '{"__proto__":{"constructor":1},"":"","a":1,"a":2}',
  '[[],{},[{}]]',
  '"\\u003cé\\ud83d\\ude00"',
])('%s stays as it is', text => expect(rewriteJson(text, nothing)).toBe(text))

test('what a rule names is replaced, the outermost of what is in each other', () => {
  expect(rewriteJson('{"a":[1,[2]], "b":{"c":[ ]},"d":[{"e":[1]}]}', lists)).toBe('{"a":[], "b":{"c":[]},"d":[]}')
  const inner: Rule = ({ key, inside }) => (`${inside}.${key}` === 'b.c' ? '0' : undefined)
  expect(rewriteJson('{"c":1,"b":{"c":[1],"d":{"c":2}},"\\u0062":{"c":3}}', inner)).toBe(
    '{"c":1,"b":{"c":0,"d":{"c":2}},"\\u0062":{"c":0}}',
  )
})

test.each([
  '',
  '{',
  '[1',
  '[1,]',
  '[1 2]',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '{"a":1}{"b":[1]}',
  '"a',
  '"a\\"',
  'nul',
  '+1',
  `${'['.repeat(1001)}${']'.repeat(1001)}`,
])('%j is refused', text => {
  for (const rule of [nothing, lists]) expect(() => rewriteJson(text, rule)).toThrow()
})
