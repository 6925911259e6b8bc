import { expect, test } from '@jest/globals'
import { isExcepted } from '../../../../src/machine/doctor/proxy.ts'

test.each([
  ['198.18.0.7', '198.18.0.7', true],
  ['198.18.0.7', 'localhost, 198.18.0.7', true],
  ['198.18.0.7', '198.18.0.70', false],
  ['198.18.0.7', '198.18.0.0/15', true],
  ['198.18.0.7', '198.18.0.0/30', false],
  ['198.18.0.7', '198.18.0.0/99', false],
  ['198.18.0.7', '198.18.0.7:2376', true],
  ['198.18.0.7', '198.18.0.7:2375', false],
  ['198.18.0.7', '.7', false],
  ['198.18.0.7', '*', true],
  ['198.18.0.7', '', false],
  ['fd00::7', 'fd00::/8', true],
  ['fd00::7', '[fd00::7]', true],
  ['fd00::7', '198.18.0.0/15', false],
  ['web.example.net', 'example.net', true],
  ['web.example.net', '.example.net', true],
  ['web.example.net', '*.example.net', true],
  ['WEB.example.net', 'web.EXAMPLE.net', true],
  ['webexample.net', 'example.net', false],
  ['web.example.net', '10.0.0.0/8', false],
])('%s with no_proxy=%s: %s', (host, noProxy, excepted) => {
  expect(isExcepted(host, '2376', noProxy)).toBe(excepted)
})
