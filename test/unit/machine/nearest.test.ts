import { expect, test } from '@jest/globals'
import { didYouMean, nearest } from '../../../src/machine/nearest.ts'

const COMMANDS = [
  'active',
  'config',
  'create',
  'drivers',
  'env',
  'inspect',
  'ls',
  'rm',
  'ssh',
  'start',
  'status',
  'stop',
]

test.each([
  ['craete', ['create']],
  ['creat', ['create']],
  ['CREATE', ['create']],
  ['stats', ['status']],
  ['stpo', ['stop']],
  ['insp', ['inspect']],
  ['evn', ['env']],
  ['lss', ['ls']],
  ['sl', ['ls']],
  ['frobnicate', []],
  ['x', []],
  ['', []],
])('%j → %j', (typed, expected) => {
  expect(nearest(typed, COMMANDS)).toEqual(expected)
})

test.each([
  ['Web1', ['web-1', 'web1', 'web2'], ['web1']],
  ['web', ['web1', 'web2', 'web3', 'web4'], ['web1', 'web2', 'web3']],
  ['production', ['production-eu-west', 'dev'], ['production-eu-west']],
  ['dev', [], []],
  ['tür', ['tur', 'tor'], ['tur', 'tor']],
])('%j of %j → %j', (typed, names, expected) => {
  expect(nearest(typed, names)).toEqual(expected)
})

test('is said as a question', () => {
  expect(didYouMean('web', ['web1', 'web2'])).toEqual(['did you mean web1 or web2?'])
  expect(didYouMean('nothing', ['web1'])).toEqual([])
})
