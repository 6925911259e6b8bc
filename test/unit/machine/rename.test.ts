/** Machines of docker-machine's under other names, and folders that were renamed by hand. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { drivers } from '../../../drivers/index.ts'
import { loadRecord } from '../../../src/machine/load.ts'
import { renameMachine } from '../../../src/machine/rename.ts'
import type { World } from '../../../src/machine/world.ts'
import { makeTempDir, type TempDir } from '../../kit/temp-dir.ts'
import { type FixtureDriver, fixture, MACHINES, VERSIONS } from './fixtures.ts'
import { worldOf } from './world.ts'

let dir: TempDir
let w: World
beforeEach(() => {
  dir = makeTempDir()
  w = { ...worldOf(dir.path), drivers }
})
afterEach(() => dir[Symbol.dispose]())

function put(driver: FixtureDriver, version = 3): string {
  const name = MACHINES[driver]
  mkdirSync(w.store.machineDir(name), { recursive: true })
  writeFileSync(join(w.store.machineDir(name), 'config.json'), fixture(version, driver))
  return name
}

describe('a machine of docker-machine', () => {
  test.each(VERSIONS)('version %d: name and paths are the new ones, and no old one is left', async version => {
    const name = put('generic', version)
    expect(await renameMachine(name, 'web', w)).toEqual({ from: name, to: 'web', hostFollows: false })
    const record = await loadRecord(w.store, 'web')
    const own = w.store.machineDir('web')
    expect(record).toMatchObject({
      Name: 'web',
      Driver: { MachineName: 'web', SSHKeyPath: join(own, 'mykey') },
      HostOptions: { AuthOptions: { StorePath: own, ServerCertPath: join(own, 'server.pem') } },
    })
    expect(await w.store.readText('web')).not.toContain('machines/gen')
    expect(await w.store.list()).toEqual(['web'])
  })

  test('of amazonec2: its instance and key pair keep the name they have there', async () => {
    const name = put('amazonec2')
    await renameMachine(name, 'web', w)
    const record = await loadRecord(w.store, 'web')
    expect(record.Driver).toMatchObject({ MachineName: 'web', KeyName: name, InstanceId: expect.stringMatching(/^i-/) })
  })

  test('of virtualbox is refused: what lies where is its driver’s', async () => {
    const driver = 'virtualbox'
    const name = put(driver)
    await expect(renameMachine(name, 'web', w)).rejects.toThrow(
      `machine "${name}" cannot be renamed: its host is bound to the name by driver ${driver}`,
    )
    expect([await w.store.list(), await w.store.readText(name)]).toEqual([[name], fixture(3, driver)])
  })
})

test('a folder renamed by hand is a machine of that name', async () => {
  const name = put('generic')
  renameSync(w.store.machineDir(name), w.store.machineDir('by-hand'))
  const record = await loadRecord(w.store, 'by-hand')
  expect([record.Name, record.Driver.SSHKeyPath]).toEqual(['by-hand', join(w.store.machineDir('by-hand'), 'mykey')])
})

test('a record that cannot be read is not renamed', async () => {
  const name = put('generic')
  await w.store.writeText(name, '{')
  await expect(renameMachine(name, 'web', w)).rejects.toMatchObject({ code: 'RECORD_UNREADABLE' })
  expect(await w.store.list()).toEqual([name])
})
