import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { MachineError, UsageError } from '../../../src/errors.ts'
import { report } from '../../../src/terminal/report-error.ts'

let written = ''
beforeEach(() => {
  written = ''
  jest.spyOn(process.stderr, 'write').mockImplementation(text => {
    written += String(text)
    return true
  })
})
afterEach(() => {
  jest.restoreAllMocks()
})

test('a sentence, then what can be done', () => {
  expect(report(new MachineError('X', 'it broke', { hints: ['mend it'], exit: 3 }), 'machine', ['ls'])).toBe(3)
  expect(written).toBe('it broke\n  → mend it\n')
})

test('used wrongly is 2, and 1 under the name docker-machine', () => {
  expect(report(new UsageError('no'), 'machine', [])).toBe(2)
  expect(report(new UsageError('no'), 'docker-machine', [])).toBe(1)
})

test("an unknown command, in Docker Machine's words", () => {
  const error = Object.assign(new Error('command foo not found'), { oclif: { exit: 2 } })
  expect(report(error, 'docker-machine', ['foo'])).toBe(1)
  expect(written).toBe("docker-machine: 'foo' is not a docker-machine command. See 'docker-machine --help'.\n")
})

test('what is neither ours nor oclif’s is a bug, with its stack', () => {
  expect(report(new TypeError('x is not a function'), 'machine', [])).toBe(70)
  expect(written).toContain('this is a bug: TypeError: x is not a function')
})

test('causes are shown with --debug alone', () => {
  const error = new MachineError('X', 'it broke', { cause: new Error('deep down') })
  report(error, 'machine', ['ls'])
  expect(written).not.toContain('deep down')
  report(error, 'machine', ['ls', '--debug'])
  expect(written).toContain('deep down')
})
