import { describe, expect, test } from '@jest/globals'
import { normaliseArgv } from '../../src/normalise-argv.ts'

describe('a command line as people type it', () => {
  test.each([
    [[], ['--help']],
    [['help'], ['--help']],
    [['-h'], ['--help']],
    [['--debug'], ['--help']],
    [
      ['help', 'env'],
      ['env', '--help'],
    ],
    [['-v'], ['version']],
    [['--version'], ['version']],
    [
      ['ls', '-q'],
      ['ls', '-q'],
    ],
    [
      ['-D', '-s', '/store', 'ls', '-q'],
      ['ls', '-D', '-s', '/store', '-q'],
    ],
    [
      ['--storage-path=/store', 'env', 'dev'],
      ['env', '--storage-path=/store', 'dev'],
    ],
    [
      ['create', '-d', 'none', 'x'],
      ['create', '-d', 'none', 'x'],
    ],
  ])('%j is read as %j', (typed, read) => {
    expect(normaliseArgv(typed)).toEqual(read)
  })

  test.each([
    [
      ['ssh', 'dev', 'ls', '--help'],
      ['ssh', '--', 'dev', 'ls', '--help'],
    ],
    [
      ['ssh', '-s', '/store', 'dev', '--', 'df', '-h'],
      ['ssh', '-s', '/store', '--', 'dev', '--', 'df', '-h'],
    ],
    [
      ['-D', 'ssh', 'dev'],
      ['ssh', '-D', '--', 'dev'],
    ],
    [
      ['ssh', '--help'],
      ['ssh', '--help'],
    ],
    [['ssh'], ['ssh']],
  ])('what follows a name after ssh is not ours: %j is read as %j', (typed, read) => {
    expect(normaliseArgv(typed)).toEqual(read)
  })
})
