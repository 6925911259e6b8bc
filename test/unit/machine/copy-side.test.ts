import { describe, expect, test } from '@jest/globals'
import { localWord, readSide } from '../../../src/machine/copy-side.ts'
import { readMount } from '../../../src/machine/mount.ts'

const local = (path: string) => ({ kind: 'local', path })
const machine = (name: string, path: string, user?: string) => ({
  kind: 'machine',
  name,
  path,
  ...(user ? { user } : {}),
})

describe('one side of a copy', () => {
  test.each([
    ['file', local('file')],
    ['dev:/etc/x', machine('dev', '/etc/x')],
    ['dev:', machine('dev', '')],
    ['ann@dev:a:b', machine('dev', 'a:b', 'ann')],
    ['a@b@dev:x', machine('dev', 'x', 'a@b')],
    ['localhost:/x', local('/x')],
    ['localhost:', local('.')],
    ['ann@localhost:x', local('x')],
    ['./a:b', local('./a:b')],
    ['/a:b', local('/a:b')],
    [':x', local(':x')],
    ['C:\\x', local('C:\\x')],
    ['c:/x', machine('c', '/x')],
    ['', local('')],
  ])('%j', (text, side) => expect(readSide(text, 'linux')).toEqual(side))

  test.each([
    ['C:\\x', local('C:\\x')],
    ['c:/x', local('c:/x')],
    ['C:', local('C:')],
    ['sub\\a:b', local('sub\\a:b')],
    ['dev:/x', machine('dev', '/x')],
    ['dev:C:\\x', machine('dev', 'C:\\x')],
  ])('%j on Windows', (text, side) => expect(readSide(text, 'win32')).toEqual(side))

  test.each([
    ['a', 'a'],
    ['-a', './-a'],
    ['a:b', './a:b'],
    ['a/b:c', 'a/b:c'],
    ['~a', './~a'],
    ['C:\\x', './C:\\x'],
  ])('the local path %j as a word', (path, word) => expect(localWord(path, 'linux')).toBe(word))

  test('a drive stays one on Windows', () => expect(localWord('C:\\x', 'win32')).toBe('C:\\x'))
})

describe('what to mount where', () => {
  test.each([
    ['dev:/srv', './srv', { machine: 'dev', path: '/srv', mountPoint: './srv' }],
    ['dev:/srv', undefined, { machine: 'dev', path: '/srv', mountPoint: '/srv' }],
    ['/srv', undefined, { machine: 'default', path: '/srv', mountPoint: '/srv' }],
    ['ann@dev:', 'here', { machine: 'dev', user: 'ann', path: '', mountPoint: 'here' }],
  ])('%j on %j', (what, on, mount) => expect(readMount(what, on, 'linux')).toEqual(mount))

  test('a home directory needs a mount point', () => {
    expect(() => readMount('dev:', undefined, 'linux')).toThrow('no folder of this computer is named to mount dev: on')
  })
})
