/** Every value that goes into a Vagrantfile, read back by a real Ruby. */
import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { rubyList, rubyString } from '../../../../drivers/vagrant/ruby.ts'
import { needs } from '../../../kit/tools.ts'

const HOSTILE = [
  '',
  'plain',
  'two words',
  `'single' and "double"`,
  'back\\slash, at the end \\',
  '#{`touch /tmp/owned`}',
  '#$0 #@x #@@y',
  '"; system("id"); "',
  '`id` $(id) ${HOME}',
  'line\nbreak\r\nand\ttab',
  '%q{x} %(y) <<EOS',
  'a\u0000b\u0007c\u001b[31m',
  'ümlaut – “quotes” 東京 🐳',
  '__END__\n=begin\n',
  '\\u{41} \\x41 \\101',
  "end\nFile.write('/tmp/owned', '')",
  'C:\\Users\\me\\src',
]

const read = (expression: string) =>
  JSON.parse(execFileSync('ruby', ['-rjson', '-'], { input: `puts JSON.generate(${expression})\n`, encoding: 'utf8' }))

needs('ruby')('a Ruby reads the very text, whatever the locale', () => {
  expect(read(rubyList(HOSTILE))).toEqual(HOSTILE)
  const posix = execFileSync('ruby', ['-e', `print ${rubyString('東京 🐳')}.bytes.size`], {
    env: { LC_ALL: 'C', PATH: process.env.PATH },
  })
  expect(String(posix)).toBe('11')
})

test('half of a surrogate pair is no text, and does not come through as one', () => {
  expect(rubyString('a\ud800')).toBe('"a\\u{fffd}"')
})

test('plain ASCII stands as it is', () => {
  expect(rubyString('bento/ubuntu-24.04 >= 1.2')).toBe('"bento/ubuntu-24.04 >= 1.2"')
})
