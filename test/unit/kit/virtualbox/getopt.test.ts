import { expect, test } from '@jest/globals'
import { Getopt, readAll, table } from '../../../kit/virtualbox/getopt.ts'

const OPTIONS = [
  ...table(
    ['--name -name', 'string'],
    ['--size', 'uint32'],
    ['--register', 'nothing'],
    ['--pae', 'onoff'],
    ['--uuid', 'uuid'],
  ),
  { names: ['--nic-type', '--nictype'], kind: 'string' as const, index: true },
  { names: ['--nic'], kind: 'string' as const, index: true },
]

test('values behind a blank, = or :, also such as begin with a dash; what is no option may stand anywhere', () => {
  const { plain, get, has } = readAll(['a', '--name', '-x', '--size=0x10', '--register', 'b'], OPTIONS)
  expect([plain, get('--name'), get('--size'), has('--register'), has('--pae')]).toEqual([
    ['a', 'b'],
    '-x',
    '0x10',
    true,
    false,
  ])
  expect(readAll(['-name:web=1'], OPTIONS).get('--name')).toBe('web=1')
})

test('options that carry a number', () => {
  const getopt = new Getopt(['--nictype2', 'virtio', '--nic-type1=82540EM', '--nic1', 'nat'], OPTIONS)
  const taken = [getopt.next(), getopt.next(), getopt.next()].map(t => [t?.option?.names[0], t?.index, t?.value])
  expect(taken).toEqual([
    ['--nic-type', 2, 'virtio'],
    ['--nic-type', 1, '82540EM'],
    ['--nic', 1, 'nat'],
  ])
  expect(getopt.next()).toBeUndefined()
})

test.each([
  [['--nope'], 'Unknown option: --nope'],
  [['-z'], 'Unknown option: -z'],
  [['--name'], '--name: RTGetOpt: Command line option needs argument.'],
  [['--nic', 'nat'], '--nic: RTGetOpt: Command line option needs an index.'],
  [['--register=yes'], 'Unknown option: --register=yes'],
  [['--name1', 'x'], 'Unknown option: --name1'],
  [['--size', 'many'], 'Invalid argument format: many'],
  [['--size', '-1'], 'Invalid argument format: -1'],
  [['--size', '4294967296'], 'Invalid argument format: 4294967296'],
  [['--pae', 'yes'], 'Unknown option: yes'],
  [['--uuid', '12'], 'Invalid argument format: 12'],
])('refuses %j', (args, message) => {
  expect(() => readAll(args, OPTIONS)).toThrow(message)
})
