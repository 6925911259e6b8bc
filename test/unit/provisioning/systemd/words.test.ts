import { expect, test } from '@jest/globals'
import { environmentLine, execWord, splitWords } from '../../../../provisioning/systemd/words.ts'

test.each([
  ['/usr/sbin/dockerd', '/usr/sbin/dockerd'],
  ['--label=a b', '"--label=a b"'],
  ['$HOME %h', '"$$HOME %%h"'],
  ['say "hi" \\ there', '"say \\"hi\\" \\\\ there"'],
  ['', '""'],
])('%j on a command line', (value, written) => {
  expect(execWord(value)).toBe(written)
})

test('in an environment file only quotes, backslashes, dollars and backticks need an escape', () => {
  expect(environmentLine('A=$b %c "d" \\e `f`=g')).toBe('A="\\$b %c \\"d\\" \\\\e \\`f\\`=g"')
})

test('words of a unit keep their writing', () => {
  expect(splitWords(`/usr/bin/dockerd -H fd:// "--label=a b" '--x=y' $OPTS \${MORE} a\\ b`)).toEqual([
    { raw: '/usr/bin/dockerd', value: '/usr/bin/dockerd' },
    { raw: '-H', value: '-H' },
    { raw: 'fd://', value: 'fd://' },
    { raw: '"--label=a b"', value: '--label=a b' },
    { raw: "'--x=y'", value: '--x=y' },
    { raw: '$OPTS', value: '$OPTS', variable: 'OPTS' },
    { raw: '${MORE}', value: '${MORE}', variable: 'MORE' },
    { raw: 'a\\ b', value: 'a b' },
  ])
})
