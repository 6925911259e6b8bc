import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { MachineError, UsageError } from '../../../src/errors.ts'
import { report } from '../../../src/terminal/report-error.ts'

const commands = () => ['create', 'status', 'start']
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

test('a sentence, then what can be done', async () => {
  expect(
    await report(new MachineError('X', 'it broke', { hints: ['mend it'], exit: 3 }), 'machine', ['ls'], commands),
  ).toBe(3)
  expect(written).toBe('it broke\n  → mend it\n')
})

test('used wrongly is 2, and 1 under the name docker-machine', async () => {
  expect(await report(new UsageError('no'), 'machine', [], commands)).toBe(2)
  expect(await report(new UsageError('no'), 'docker-machine', [], commands)).toBe(1)
})

test("an unknown command, in Docker Machine's words", async () => {
  const error = Object.assign(new Error('command foo not found'), { oclif: { exit: 2 } })
  expect(await report(error, 'docker-machine', ['foo'], commands)).toBe(1)
  expect(written).toBe("docker-machine: 'foo' is not a docker-machine command. See 'docker-machine --help'.\n")
})

test('an unknown command that is nearly one', async () => {
  const error = Object.assign(new Error('command stat not found'), { oclif: { exit: 2 } })
  expect(await report(error, 'machine', ['-D', 'stat', 'x'], commands)).toBe(2)
  expect(written).toBe("machine: 'stat' is not a machine command. See 'machine --help'.\n  → did you mean start?\n")
})

test('an unknown flag that is nearly one', async () => {
  const parse = { input: { flags: { 'storage-path': {}, json: {} } } }
  const error = {
    oclif: { exit: 2 },
    message: 'Nonexistent flag: --jsno\nSee more help with --help',
    flags: ['--jsno'],
    parse,
  }
  expect(await report(error, 'machine', ['ls', '--jsno'], commands)).toBe(2)
  expect(written).toBe('Nonexistent flag: --jsno\n  → did you mean --json?\n  → see machine ls --help\n')
})

test('what is neither ours nor oclif’s is a bug, with its stack', async () => {
  expect(await report(new TypeError('x is not a function'), 'machine', [], commands)).toBe(70)
  expect(written).toContain('this is a bug: TypeError: x is not a function')
})

test('causes are shown with --debug alone', async () => {
  const error = new MachineError('X', 'it broke', { cause: new Error('deep down') })
  await report(error, 'machine', ['ls'], commands)
  expect(written).not.toContain('deep down')
  await report(error, 'machine', ['ls', '--debug'], commands)
  expect(written).toContain('deep down')
})
