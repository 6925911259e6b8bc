import { expect, test } from '@jest/globals'
import { checkTags, machineTags, parseTags, renderTags, tagsOf } from '../../../../drivers/amazonec2/tags.ts'

test.each([
  ['', {}],
  ['team,infra,cost,42', { team: 'infra', cost: '42' }],
  ['team=infra,cost=a=b', { team: 'infra', cost: 'a=b' }],
  ['a=b,c', { 'a=b': 'c' }],
  ['team, infra ', { team: 'infra' }],
  ['empty,', { empty: '' }],
])('%j', (text, tags) => expect(parseTags(text)).toEqual(tags))

test('the record has them as docker-machine wrote them', () =>
  expect(renderTags({ team: 'infra', cost: '42' })).toBe('team,infra,cost,42'))

test('the mark of machine and store cannot be overridden, the name people see can', () =>
  expect(machineTags({ Name: 'mine', team: 'x' }, 'web', 'deadbeef')).toEqual({
    Name: 'mine',
    team: 'x',
    'machine:name': 'web',
    'machine:store': 'deadbeef',
  }))

test.each([
  [{ '': 'x' }, 'a tag without a key'],
  [{ 'AWS:x': 'x' }, 'AWS keeps such keys for itself'],
  [{ ['k'.repeat(129)]: 'x' }, 'a key has 128 characters at most'],
  [{ k: 'v'.repeat(257) }, 'a value 256'],
  [Object.fromEntries(Array.from({ length: 47 }, (_, i) => [`k${i}`, ''])), 'has 47 tags, more than the 46'],
])('refused: %j', (tags, text) => expect(() => checkTags(tags as Record<string, string>, '--label')).toThrow(text))

test('what the API answers', () =>
  expect(tagsOf({ Tags: [{ Key: 'a', Value: 'b' }, { Key: 'c' }] })).toEqual({ a: 'b', c: '' }))
