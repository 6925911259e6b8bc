import { describe, expect, test } from '@jest/globals'
import { COMMANDS } from '../../../src/commands.ts'
import { QUICK } from '../../../src/quick/commands.ts'
import { plainCall } from '../../../src/quick/plain-call.ts'

const SHAPE = {
  flags: { format: 'word', json: 'switch', timeout: 'count', filter: 'words' },
  letters: { f: 'format', t: 'timeout', j: 'json' },
} as const

test.each([
  ['', [], {}],
  ['a b', ['a', 'b'], {}],
  ['a --json', ['a'], { json: true }],
  ['--json a', ['a'], { json: true }],
  ['a -f x -t 5', ['a'], { format: 'x', timeout: 5 }],
  ['--format=-x=y a', ['a'], { format: '-x=y' }],
  ['--filter a=b --filter=c=d', [], { filter: ['a=b', 'c=d'] }],
])('%j is plain', (line, names, flags) =>
  expect(plainCall(line === '' ? [] : line.split(' '), SHAPE)).toEqual({ names, flags }),
)

test.each([
  '--help',
  '-h',
  '--jsn',
  '--json=true',
  '--json --json',
  '-j=1',
  '-jt 5',
  '-f',
  '--format',
  '--format --json',
  '--format=',
  '-t 0',
  '-t 1.5',
  '-t -1',
  '--',
  '-',
  '-json',
  '--constructor',
  '--toString x',
])('%j is left to the command proper', line => expect(plainCall(line.split(' '), SHAPE)).toBeUndefined())

test('an empty word is left to it, too', () => expect(plainCall([''], SHAPE)).toBeUndefined())

describe('the flags of quick commands are those of the commands proper', () => {
  test.each(Object.keys(QUICK))('%s', name => {
    const command = COMMANDS[name as keyof typeof COMMANDS]
    const theirs = { ...command.baseFlags, ...command.flags } as Record<string, { type: string; char?: string }>
    for (const [flag, kind] of Object.entries(QUICK[name]?.shape.flags ?? {}))
      expect([flag, theirs[flag]?.type]).toEqual([flag, kind === 'switch' ? 'boolean' : 'option'])
    for (const [letter, flag] of Object.entries(QUICK[name]?.shape.letters ?? {}))
      expect([flag, theirs[flag]?.char]).toEqual([flag, letter])
  })
})
