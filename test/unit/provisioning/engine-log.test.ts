import { expect, test } from '@jest/globals'
import { diskFull, lastWords } from '../../../provisioning/engine-log.ts'
import { atLeast, matches } from '../../../provisioning/engine-version.ts'

test.each([
  [
    'Starting docker.service - Docker Application Container Engine...\nfailed to start daemon: Error initializing network controller: invalid CIDR address: 300.1.1.1/24\ndocker.service: Main process exited, code=exited, status=1/FAILURE\nFailed to start docker.service - Docker Application Container Engine.',
    'failed to start daemon: Error initializing network controller: invalid CIDR address: 300.1.1.1/24',
  ],
  [
    'mkdir /proc/x: no such file or directory\ndocker.service: Failed with result',
    'mkdir /proc/x: no such file or directory',
  ],
  ["Status: unknown flag: --bogus\nSee 'dockerd --help'., Code: 125", 'unknown flag: --bogus'],
  ['time="2026-11-23T23:59:07Z" level=fatal msg="cannot \\"listen\\"" error="in use"', 'cannot "listen": in use'],
  ['', 'it left no word in its log'],
])('%j', (log, words) => {
  expect(lastWords(log)).toBe(words)
  expect(lastWords(`${log}\r`)).toBe(words)
})

test('full disks, in the words of several tools', () => {
  expect(
    [
      'sh: write error: No space left on device',
      "E: You don't have enough free space in /var/cache/apt/archives/.",
      'all well',
    ].map(diskFull),
  ).toEqual([true, true, false])
})

test('versions are compared by number', () => {
  expect([
    atLeast('20.10.24+dfsg1', 20, 10),
    atLeast('19.03.15', 20, 10),
    atLeast('3:28.5.1-1.el9', 23),
    atLeast('', 20, 10),
  ]).toEqual([true, false, true, false])
  expect([matches('29.10.0', '29.1'), matches('29.1.3', '29.1'), matches('26.1.5+dfsg1', '26')]).toEqual([
    false,
    true,
    true,
  ])
})

test('what a terminal would obey is taken out', () => {
  expect(lastWords('failed\u001b]0;title\u0007 to \u009b31mstart\n')).toBe('failed ]0;title  to  31mstart')
})
