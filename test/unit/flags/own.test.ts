import { describe, expect, test } from '@jest/globals'
import { globalFlags } from '../../../src/command.ts'
import { wantedDebug, wantsDebug } from '../../../src/debug.ts'
import { GLOBAL_NAMES, globalFlag } from '../../../src/flags/own.ts'

test('the global flags known without oclif are those oclif is told, with their letters', () => {
  expect([...GLOBAL_NAMES].sort()).toEqual([...Object.keys(globalFlags), 'help', 'version'].sort())
  for (const [name, flag] of Object.entries(globalFlags)) {
    expect(globalFlag(name)).toEqual({ name, takesValue: flag.type === 'option' })
    if (flag.char) expect(globalFlag(flag.char)?.name).toBe(name)
  }
})

describe('debug', () => {
  test.each([
    ['ls -D', true],
    ['-debug ls', true],
    ['create x --debug', true],
    ['-s /store ssh -D dev ls', true],
    ['ssh dev curl -D -', false],
    ['-s /store ssh dev -- x --debug', false],
    ['create -- -D', false],
    ['ls', false],
  ])('%s: %s', (line, wanted) => expect(wantsDebug(line.split(' '), {})).toBe(wanted))

  test.each([
    ['1', true],
    ['T', true],
    ['0', false],
    ['', false],
  ])('MACHINE_DEBUG=%s: %s', (text, wanted) => expect(wantsDebug([], { MACHINE_DEBUG: text })).toBe(wanted))

  test('a variable that says neither is an error, unless the flag is there', () => {
    const env = { MACHINE_DEBUG: 'yes' }
    expect(() => wantsDebug(['ls'], env)).toThrow(
      'Error parsing boolean value from MACHINE_DEBUG: strconv.ParseBool: parsing "yes": invalid syntax',
    )
    expect(wantedDebug(['ls'], env)).toBe(false)
    expect(wantsDebug(['ls', '-D'], env)).toBe(true)
  })
})
