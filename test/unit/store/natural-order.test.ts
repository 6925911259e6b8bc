import { expect, test } from '@jest/globals'
import { inNaturalOrder } from '../../../src/store/natural-order.ts'

test.each([
  ['numbers by value', ['m10', 'm2', 'm1', 'm02', 'm'], ['m', 'm1', 'm02', 'm2', 'm10']],
  [
    'regardless of case, capitals first among equals',
    ['b', 'A', 'a', 'B', 'Dev', 'dev', 'DEV'],
    ['A', 'a', 'B', 'b', 'DEV', 'Dev', 'dev'],
  ],
  [
    'numbers of any length',
    ['x99999999999999999999', 'x100000000000000000000'],
    ['x99999999999999999999', 'x100000000000000000000'],
  ],
  ['names that begin with a number', ['10', '9', 'a', '1b', '1a'], ['1a', '1b', '9', '10', 'a']],
  ['a name before those it begins', ['web-1', 'web', 'web-1-a', 'web.1'], ['web', 'web-1', 'web-1-a', 'web.1']],
])('%s', (_, names, sorted) => {
  expect(inNaturalOrder(names)).toEqual(sorted)
  expect(inNaturalOrder([...names].reverse())).toEqual(sorted)
})
