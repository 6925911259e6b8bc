import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import type { AnyDriver } from '../../../drivers/driver.ts'
import { MachineError } from '../../../src/errors.ts'
import { readLabels, updateLabels } from '../../../src/machine/labels.ts'
import { newRecord, renderRecord } from '../../../src/machine/record.ts'
import { makeTempDir } from '../../kit/temp-dir.ts'
import { worldOf } from './world.ts'

test('words as labels', () => {
  expect(readLabels(['a=b', 'c=', 'url=x=y z', 'a=later', '__proto__=odd'])).toEqual(
    Object.fromEntries([
      ['a', 'later'],
      ['c', ''],
      ['url', 'x=y z'],
      ['__proto__', 'odd'],
    ]),
  )
  for (const word of ['a', '=b', 'a b=c', 'a=b\nc', '']) expect(() => readLabels([word])).toThrow('is not key=value')
})

/** A provider that keeps labels, or refuses them. */
function worldWith(storePath: string, label: AnyDriver['updateLabels']) {
  const driver = { name: 'cloud', ...(label ? { updateLabels: label } : {}) } as AnyDriver
  mkdirSync(join(storePath, 'machines/dev'), { recursive: true })
  const none = { engine: {}, swarm: {}, tlsSans: [] }
  const record = newRecord({
    name: 'dev',
    driverName: 'cloud',
    storePath,
    ...none,
    machine: { Phase: 'ready', Labels: { kept: 'yes' } },
  })
  Object.assign(record.Driver, { InstanceId: 'i-1' })
  writeFileSync(join(storePath, 'machines/dev/config.json'), renderRecord(record))
  return { ...worldOf(storePath), drivers: [driver] }
}
const recorded = (storePath: string) =>
  JSON.parse(readFileSync(join(storePath, 'machines/dev/config.json'), 'utf8')).Machine.Labels

test('a driver that can is asked with its own state, and the record has what the provider took', async () => {
  using dir = makeTempDir()
  const calls: unknown[] = []
  const w = worldWith(dir.path, async (state, labels, ctx) => {
    calls.push([state.InstanceId, labels, ctx.name])
  })
  expect(await updateLabels('dev', { team: 'infra' }, w)).toEqual({
    name: 'dev',
    labels: { kept: 'yes', team: 'infra' },
    atProvider: true,
  })
  expect(calls).toEqual([['i-1', { team: 'infra' }, 'dev']])
  expect(recorded(dir.path)).toEqual({ kept: 'yes', team: 'infra' })
})

test('what the provider refuses is not recorded', async () => {
  using dir = makeTempDir()
  const w = worldWith(dir.path, async () => {
    throw new MachineError('QUOTA', 'too many labels')
  })
  await expect(updateLabels('dev', { team: 'infra' }, w)).rejects.toThrow('too many labels')
  expect(recorded(dir.path)).toEqual({ kept: 'yes' })
})

test('a driver that cannot: the record has them', async () => {
  using dir = makeTempDir()
  const w = worldWith(dir.path, undefined)
  expect(await updateLabels('dev', { a: 'b' }, w)).toMatchObject({ atProvider: false })
  expect(recorded(dir.path)).toEqual({ kept: 'yes', a: 'b' })
})
