/** Which of a driver's flags `modify` takes for a machine that is there, and what it says of the others. */
import { describe, expect, test } from '@jest/globals'
import type { AnyDriver } from '../../drivers/driver.ts'
import { drivers } from '../../drivers/index.ts'
import { driverValues, flagOf, readChange } from '../../src/driver-change.ts'
import { changeFlags } from '../../src/driver-flags.ts'
import { UsageError } from '../../src/errors.ts'

const named = (name: string) => drivers.find(driver => driver.name === name) as AnyDriver
const change = (driver: string, typed: Record<string, unknown>) => () => readChange(named(driver), typed, drivers)

describe('what is typed', () => {
  test.each([
    ['amazonec2', 't3.large'],
    ['aliyunecs', 'ecs.g7.large'],
  ])('%s: its instance type', (driver, instanceType) => {
    expect(change(driver, { [`${driver}-instance-type`]: instanceType, yes: undefined })()).toEqual({ instanceType })
    expect(flagOf(named(driver), 'instanceType')).toBe(`${driver}-instance-type`)
  })

  test.each([
    [
      'amazonec2',
      { 'amazonec2-region': 'eu-west-1' },
      '--amazonec2-region holds for a machine from its create on and cannot be changed',
      'driver amazonec2 changes --amazonec2-instance-type; for anything else make another machine',
    ],
    [
      'nspawn',
      { 'nspawn-suite': 'bookworm' },
      '--nspawn-suite holds for a machine from its create on and cannot be changed',
      'driver nspawn changes no setting of a machine that is there: make another machine',
    ],
    [
      'nspawn',
      { 'amazonec2-instance-type': 't3.large' },
      "--amazonec2-instance-type is a flag of driver amazonec2, and this machine's driver is nspawn",
      'driver nspawn changes no setting of a machine that is there: make another machine',
    ],
    [
      'aliyunecs',
      { 'aliyunecs-instance-tipe': 'x' },
      'there is no flag --aliyunecs-instance-tipe',
      'driver aliyunecs changes --aliyunecs-instance-type; for anything else make another machine',
    ],
    [
      'aliyunecs',
      {},
      'no setting to change was named',
      'driver aliyunecs changes --aliyunecs-instance-type; for anything else make another machine',
    ],
  ])('%s: %j is refused', (driver, typed, sentence, hint) => {
    const refused = catchUsage(change(driver, typed))
    expect([refused.message, refused.suggestions]).toEqual([sentence, [hint]])
  })

  test('no value of a key is repeated in a refusal', () => {
    const refused = catchUsage(change('amazonec2', { 'amazonec2-secret-key': 'aSecretOfSomebody' }))
    expect([refused.message, ...refused.suggestions].join()).not.toContain('aSecretOfSomebody')
  })
})

test('only drivers’ flags are taken for such, by all their names', () => {
  const typed = { 'amazonec2-http-tokens': 'optional', 'engine-label': ['a=b'], yes: true, 'amazonec2-ami': undefined }
  expect(driverValues(typed, drivers)).toEqual({ 'amazonec2-http-tokens': 'optional' })
})

test('modify --help shows what can be changed, and its parser takes the rest', () => {
  const flags = changeFlags(drivers) as Record<string, { hidden?: boolean; description?: string }>
  const shown = Object.keys(flags).filter(name => !flags[name]?.hidden)
  expect(shown.sort()).toEqual(['aliyunecs-instance-type', 'amazonec2-instance-type'])
  expect(flags['amazonec2-instance-type']?.description).toBe(named('amazonec2').resize?.settings.instanceType)
  expect(flags['amazonec2-region']?.hidden).toBe(true)
})

function catchUsage(work: () => unknown): UsageError {
  try {
    work()
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error('it was not refused')
}
