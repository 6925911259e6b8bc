import { expect, test } from '@jest/globals'
import { COMMANDS } from '../../../kit/virtualbox/commands/index.ts'
import { Faults } from '../../../kit/virtualbox/faults.ts'
import { canRead, localeOf, translate } from '../../../kit/virtualbox/show/words.ts'

test('names of old are there, and unattended installations are not', () => {
  for (const name of ['createhd', 'clonehd', 'modifyhd', 'showhdinfo', 'convertdd', 'dhcpserver'])
    expect([name, typeof COMMANDS[name]]).toEqual([name, 'function'])
  expect(Object.hasOwn(COMMANDS, 'unattended')).toBe(false)
})

test('faults by first words or by pattern, from the nth call on, so often', () => {
  const faults = new Faults()
  const rule = faults.add({ command: 'controlvm web', nth: 2, times: 2, gives: 'not-ready' })
  const strike = (...argv: string[]) => faults.strike(argv)
  expect([1, 2, 3, 4].map(() => strike('controlvm', 'web', 'poweroff'))).toEqual([
    undefined,
    'not-ready',
    'not-ready',
    undefined,
  ])
  expect(strike('controlvm', 'web2', 'poweroff')).toBeUndefined()
  expect(rule.hits).toBe(2)
  rule.remove()
  faults.add({ command: /--nic2 hostonly/, gives: 'locked' })
  expect(strike('modifyvm', 'web', '--nic2', 'hostonly')).toBe('locked')
  faults.clear()
  expect(strike('modifyvm', 'web', '--nic2', 'hostonly')).toBeUndefined()
})

test("texts are in the computer's language, unless the caller's environment wants English; on Windows that counts for nothing", () => {
  expect(localeOf('de', 'linux', {})).toBe('de')
  expect(localeOf('de', 'linux', { LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe('en')
  expect(localeOf('de', 'windows', { LC_ALL: 'C' })).toBe('de')
  expect(localeOf('en', 'linux', { LANG: 'de_DE.UTF-8' })).toBe('de')
  expect(translate("VBoxManage: error: Could not find a registered machine named 'web'\n", 'de')).toContain(
    "mit dem Namen 'web'",
  )
})

test('words that are not ASCII need a locale of UTF-8', () => {
  expect(canRead(['/home/jürgen'], 'linux', { LC_ALL: 'C', LANG: 'de_DE.UTF-8' })).toBe(false)
  expect(canRead(['/home/jürgen'], 'linux', { LANG: 'de_DE.UTF-8' })).toBe(true)
  expect(canRead(['/home/jan'], 'linux', { LC_ALL: 'C' })).toBe(true)
})
