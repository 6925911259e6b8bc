import { describe, expect, test } from '@jest/globals'
import { normaliseArgv } from '../../../src/flags/normalise-argv.ts'
import type { KnownFlag } from '../../../src/flags/words.ts'

const FLAGS: KnownFlag[] = [
  { name: 'driver', takesValue: true },
  { name: 'format', takesValue: true },
  { name: 'engine-opt', takesValue: true, repeats: true },
  { name: 'force', takesValue: false },
  { name: 'live', takesValue: false, negatable: true },
]
const LETTERS: Record<string, string> = { d: 'driver', f: 'format' }
const table = (name: string) => FLAGS.find(flag => flag.name === (LETTERS[name] ?? name))
const read = (line: string | string[]) =>
  normaliseArgv(typeof line === 'string' ? line.split(' ').filter(w => w !== '') : line, command =>
    command === 'do' ? table : undefined,
  ).join(' ')

describe('a command line as people type it', () => {
  test.each([
    ['', '--help'],
    ['help', '--help'],
    ['h', '--help'],
    ['-h', '--help'],
    ['-help', '--help'],
    ['--debug', '--help'],
    ['help env', 'env --help'],
    ['help -D env', 'env --help'],
    ['-v', 'version'],
    ['-version', 'version'],
    ['-D -s /store --version', 'version'],
    ['ls -q', 'ls -q'],
    ['agent', 'agent'],
    ['agent --help', 'agent --help'],
    ['help agent', 'agent --help'],
    ['help agent status', 'agent:status --help'],
    ['-D agent status dev', 'agent:status --debug -- dev'],
    ['agent nonsense dev', 'agent:nonsense -- dev'],
    ['ssh agent status', 'ssh -- agent status'],
    ['-D -s /store ls -q', 'ls --debug --storage-path=/store -q'],
    ['--storage-path=/store env dev', 'env --storage-path=/store -- dev'],
    ['-tls-ca-key k -bugsnag-api-token=no-report env dev', 'env --tls-ca-key=k --bugsnag-api-token=no-report -- dev'],
    ['env -s /store -debug dev', 'env --storage-path=/store --debug -- dev'],
    ['-s /a env -s /b', 'env --storage-path=/b'],
  ])('%s is read as %s', (typed, so) => expect(read(typed)).toBe(so))
})

test('a global flag without its value is said, not taken for no command', () =>
  expect(() => read('-D --storage-path')).toThrow('Flag --storage-path expects a value'))

describe('flags of a command', () => {
  test.each([
    ['one dash or two', 'do -driver none --driver none', 'do --driver=none'],
    ['joined or not', 'do --driver=none x', 'do --driver=none -- x'],
    ['letters', 'do -d none x', 'do --driver=none -- x'],
    ['letters with =', 'do -d=none x', 'do --driver=none -- x'],
    [
      'before, between and after names',
      'do --force a -d none b -f {{.Name}}',
      'do --force --driver=none --format={{.Name}} -- a b',
    ],
    ['the last of two counts', 'do -d a --driver b', 'do --driver=b'],
    ['but all of a repeated one', 'do --engine-opt a -engine-opt=b', 'do --engine-opt=a --engine-opt=b'],
    ['a value keeps its = and its spaces', 'do --engine-opt=a=b=c', 'do --engine-opt=a=b=c'],
    ['an empty value', 'do --driver= x', 'do --driver= -- x'],
    ['switches with a value', 'do --force=true x', 'do --force -- x'],
    ['switched off', 'do --force --force=false x', 'do -- x'],
    ['switched off by Go', 'do --force --force=F', 'do'],
    ['switched off where off is not the default', 'do --live=0', 'do --no-live'],
    ['-- ends them', 'do --force -- --driver x', 'do --force -- --driver x'],
    ['- is a name', 'do - --force', 'do --force -- -'],
    ['an unknown one is left for oclif', 'do --nope x -zy', 'do --nope -zy -- x'],
    ['one that wants a value', 'do x --driver', 'do --driver -- x'],
    ['help', 'do x -h', 'do --help -- x'],
    ['another command has no such flag', 'else -d none', 'else -d -- none'],
  ])('%s', (_, typed, so) => expect(read(typed)).toBe(so))

  test('a value may look like a flag: it is guarded from oclif', () => {
    expect(read(['do', '--engine-opt', '-x', 'name'])).toBe('do --engine-opt=\0-x -- name')
    expect(read(['do', '--driver=--force'])).toBe('do --driver=\0--force')
  })

  test('a value may have lines', () => expect(read(['do', '-f=a\nb'])).toBe('do --format=a\nb'))

  test('a switch that is neither on nor off', () =>
    expect(() => read('do --force=maybe')).toThrow('invalid boolean value "maybe" for --force'))
})

describe('what follows a name after ssh is not ours', () => {
  test.each([
    ['ssh dev ls --help', 'ssh -- dev ls --help'],
    ['ssh -s /store dev -- df -h', 'ssh --storage-path=/store -- dev -- df -h'],
    ['-D ssh dev', 'ssh --debug -- dev'],
    ['-native-ssh ssh dev -x', 'ssh --native-ssh -- dev -x'],
    ['ssh --help', 'ssh --help'],
    ['ssh', 'ssh'],
  ])('%s is read as %s', (typed, so) => expect(read(typed)).toBe(so))
})
