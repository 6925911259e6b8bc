/** The stand-in VirtualBox: disks that grow from others: shared bases, linked clones, snapshots; and appliances. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startVirtualBox, type VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'
import { attach, callsOf, machineWithDisks } from './virtualbox-calls.ts'

let vbox: VirtualBoxStandIn
beforeAll(async () => {
  vbox = await startVirtualBox({ delays: { unlockMs: 0, acpiMs: 0 } })
})
afterAll(() => vbox?.[Symbol.asyncDispose]())

const { must, refused } = callsOf(() => vbox)
const at = (name: string) => join(vbox.folder, name)
const machine = (name: string) => machineWithDisks({ must, refused }, name)

test('one disk for several machines: each writes into its own, and the base cannot go before them', async () => {
  await must('createmedium', 'disk', '--filename', at('base.vdi'), '--size', '1000')
  await must('modifymedium', 'disk', at('base.vdi'), '--type', 'multiattach')
  for (const name of ['one', 'two']) {
    await machine(name)
    await must(...attach(name, 0, '--type', 'hdd', '--medium', at('base.vdi')))
    await must('startvm', name)
  }
  const shown = await must('showmediuminfo', at('base.vdi'))
  expect([...shown.matchAll(/^(?:Child UUIDs:)? +[0-9a-f-]{36}$/gm)]).toHaveLength(2)
  expect(await refused('closemedium', 'disk', at('base.vdi'), '--delete')).toEqual([
    1,
    expect.stringMatching(/because it has 2 child media\n.*VBOX_E_OBJECT_IN_USE \(0x80bb000c\)/),
  ])
  expect(await refused('modifymedium', at('base.vdi'), '--resize', '2000').then(([code]) => code)).toBe(0)
  for (const name of ['one', 'two']) {
    await must('controlvm', name, 'poweroff')
    await must('unregistervm', name, '--delete')
  }
  await must('closemedium', 'disk', at('base.vdi'), '--delete')
  expect(vbox.left()).toEqual([])
}, 60_000)

test('the last linked disk takes a base of the normal type along; a machine whose disk others grow from is deleted in half', async () => {
  for (const [type, stays] of [
    ['normal', false],
    ['multiattach', true],
  ] as const) {
    await must('createmedium', 'disk', '--filename', at('base.vdi'), '--size', '10')
    await must('modifymedium', 'disk', at('base.vdi'), '--type', type)
    for (const name of ['one', 'two']) {
      await machine(name)
      await must(
        'createmedium',
        'disk',
        '--filename',
        at(`${name}.vdi`),
        '--diffparent',
        at('base.vdi'),
        '--format',
        'VDI',
      )
      await must(...attach(name, 0, '--type', 'hdd', '--medium', at(`${name}.vdi`)))
    }
    await must('unregistervm', 'one', '--delete')
    expect([existsSync(at('one.vdi')), existsSync(at('base.vdi'))]).toEqual([false, true])
    await must('unregistervm', 'two', '--delete')
    expect([type, existsSync(at('two.vdi')), existsSync(at('base.vdi'))]).toEqual([type, false, stays])
    if (stays) await must('closemedium', 'disk', at('base.vdi'), '--delete')
  }
  await machine('one')
  await must('createmedium', 'disk', '--filename', at('top.vdi'), '--size', '10')
  await must(...attach('one', 0, '--type', 'hdd', '--medium', at('top.vdi')))
  await must('createmedium', 'disk', '--filename', at('below.vdi'), '--diffparent', at('top.vdi'))
  expect(await refused('unregistervm', 'one', '--delete')).toEqual([
    1,
    expect.stringMatching(/Machine delete failed\n.*Cannot close medium '.*top\.vdi' because it has 1 child media\n/),
  ])
  expect([vbox.machines(), existsSync(at('top.vdi'))]).toEqual([[], true])
  for (const name of ['below.vdi', 'top.vdi']) await must('closemedium', 'disk', at(name), '--delete')
  await rm(at('VirtualBox VMs/one'), { recursive: true })
  expect(vbox.left()).toEqual([])
}, 60_000)

test('snapshots, linked clones of one, appliances', async () => {
  await machine('one')
  await must('createmedium', '--filename', at('e.vdi'), '--size', '10')
  await must(...attach('one', 0, '--type', 'hdd', '--medium', at('e.vdi')))
  expect(await must('snapshot', 'one', 'take', 'base')).toMatch(/^Snapshot taken\. UUID: /)
  expect(await must('snapshot', 'one', 'list', '--machinereadable')).toMatch(
    /^SnapshotName="base"\nSnapshotUUID="[0-9a-f-]{36}"\nCurrentSnapshotName="base"\n/,
  )
  expect(await refused('clonevm', 'one', '--name', 'two', '--options', 'link', '--register')).toEqual([
    1,
    expect.stringContaining('Clone VM failed'),
  ])
  await must('clonevm', 'one', '--snapshot', 'base', '--name', 'two', '--options', 'link', '--register')
  expect(await refused('snapshot', 'one', 'delete', 'base').then(([code]) => code)).toBe(1)
  await must('unregistervm', 'two', '--delete')
  await must('snapshot', 'one', 'restore', 'base')
  await must('snapshot', 'one', 'delete', 'base')
  expect(await must('showvminfo', 'one', '--machinereadable')).toContain(`"SATA-0-0"="${at('e.vdi')}"`)
  await must('export', 'one', '-o', at('one.ova'))
  await must('unregistervm', 'one', '--delete')
  await must('import', at('one.ova'), '--vsys', '0', '--vmname', 'three')
  expect(await refused('import', at('one.ova'), '--vmname', 'three')).toEqual([
    1,
    expect.stringMatching(/already exists/),
  ])
  await must('unregistervm', 'three', '--delete')
  expect(vbox.left()).toEqual([])
}, 60_000)
