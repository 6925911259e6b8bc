/** The stand-in VirtualBox: disks, what they are made of, and who has them. */
import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { makeIso } from '../kit/virtualbox/make-iso.ts'
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

test('made, cloned, resized upwards, and refused otherwise', async () => {
  expect(await must('createmedium', 'disk', '--filename', at('a.vdi'), '--size', '1000')).toMatch(
    /^Medium created\. UUID: [0-9a-f-]{36}\n$/,
  )
  expect(await refused('createmedium', 'disk', '--filename', at('a.vdi'), '--size', '1000')).toEqual([
    1,
    expect.stringMatching(
      /^0%\.\.\.\nProgress state: VBOX_E_FILE_ERROR\nVBoxManage: error: Failed to create medium\n[\s\S]*VERR_ALREADY_EXISTS/,
    ),
  ])
  expect(await refused('createmedium', 'disk', '--filename', at('b.vdi'))).toEqual([
    2,
    expect.stringContaining('Parameter --size is required'),
  ])
  expect(
    await must('clonemedium', 'disk', at('a.vdi'), at('b.vmdk'), '--format', 'VMDK', '--variant', 'Stream'),
  ).toMatch(/^Clone medium created in format 'VMDK'\. UUID: /)
  expect(await refused('modifymedium', 'disk', at('b.vmdk'), '--resize', '2000')).toEqual([
    1,
    expect.stringMatching(
      /^0%\.\.\.\nProgress state: VBOX_E_NOT_SUPPORTED\nVBoxManage: error: Failed to resize medium\nVBoxManage: error: Resizing to new size 2097152000 is not yet supported for medium '.*b\.vmdk'\n/,
    ),
  ])
  expect(await refused('modifymedium', 'disk', at('a.vdi'), '--resize', '500')).toEqual([
    1,
    expect.stringContaining('Shrinking is not yet supported for medium'),
  ])
  expect(await refused('modifymedium', 'disk', at('a.vdi'), '--resize', '20000000')).toEqual([
    1,
    expect.stringContaining('Use --resizebyte if this is intended!'),
  ])
  await must('modifymedium', 'disk', at('a.vdi'), '--resize', '2000')
  expect(await must('showmediuminfo', 'disk', at('a.vdi'))).toMatch(
    /Storage format: VDI\nFormat variant: dynamic default\nCapacity: {7}2000 MBytes\n/,
  )
  expect(await refused('clonemedium', 'disk', at('none.vdi'), at('c.vdi'))).toEqual([
    1,
    expect.stringMatching(
      /Could not find file for the medium '.*none\.vdi' \(VERR_FILE_NOT_FOUND\)\n.*VBOX_E_FILE_ERROR \(0x80bb0004\), component MediumWrap/,
    ),
  ])
  writeFileSync(at('raw.img'), Buffer.alloc(4096))
  expect(await refused('clonemedium', 'disk', at('raw.img'), at('c.vdi'))).toEqual([
    1,
    expect.stringMatching(
      /Could not get the storage format of the medium '.*raw\.img' \(VERR_NOT_SUPPORTED\)\n.*VBOX_E_IPRT_ERROR \(0x80bb0005\)/,
    ),
  ])
  copyFileSync(at('a.vdi'), at('copy.vdi'))
  expect(await refused('showmediuminfo', 'disk', at('copy.vdi'))).toEqual([
    1,
    expect.stringMatching(
      /Cannot register the hard disk '.*copy\.vdi' \{(.*)\} because a hard disk '.*a\.vdi' with UUID \{\1\} already exists/,
    ),
  ])
  for (const name of ['a.vdi', 'b.vmdk']) await must('closemedium', 'disk', at(name), '--delete')
  expect([existsSync(at('a.vdi')), vbox.left()]).toEqual([false, []])
}, 60_000)

test('raw images come in by a file or by standard input', async () => {
  writeFileSync(at('disk.raw'), Buffer.alloc(2 ** 20))
  await must('convertfromraw', at('disk.raw'), at('from-file.vmdk'), '--format', 'VMDK')
  const piped = promisify(execFile)(join(vbox.bin, 'VBoxManage'), [
    'convertfromraw',
    'stdin',
    at('piped.vdi'),
    String(5 * 2 ** 20),
    '--format',
    'VDI',
  ])
  piped.child.stdin?.end(Buffer.alloc(3 * 2 ** 20, 1))
  expect((await piped).stderr).toBe(
    `Converting from raw image file="stdin" to file="${at('piped.vdi')}"...\nCreating dynamic image with size 5242880 bytes (5MB)...\n`,
  )
  expect(await must('showmediuminfo', at('piped.vdi'))).toContain('Capacity:       5 MBytes')
  expect(await refused('convertfromraw', 'stdin', at('again.vdi'))).toEqual([
    2,
    expect.stringContaining('Incorrect number of parameters'),
  ])
  await must('closemedium', 'disk', at('piped.vdi'), '--delete')
}, 60_000)

test('what is attached, runs, or is in use elsewhere, and discs', async () => {
  for (const name of ['one', 'two']) await machine(name)
  await must('createmedium', '--filename', at('d.vdi'), '--size', '10')
  await must(...attach('one', 0, '--type', 'hdd', '--medium', at('d.vdi')))
  expect(await refused(...attach('one', 1, '--type', 'hdd', '--medium', at('d.vdi')))).toEqual([
    1,
    expect.stringMatching(
      /Medium '.*d\.vdi' is already attached to port 0, device 0 of controller 'SATA' of this virtual machine/,
    ),
  ])
  expect(await refused('closemedium', at('d.vdi'))).toEqual([
    1,
    expect.stringContaining('still attached to 1 virtual machines'),
  ])
  await must(...attach('two', 0, '--type', 'hdd', '--medium', at('d.vdi')))
  await must('startvm', 'one')
  expect(await refused('startvm', 'two')).toEqual([
    1,
    expect.stringContaining(
      'Locking of attached media failed. A possible reason is that one of the media is attached to a running VM',
    ),
  ])
  expect(await refused(...attach('one', 0, '--medium', 'none'))).toEqual([
    1,
    expect.stringContaining('already locked for a session'),
  ])
  await must('controlvm', 'one', 'poweroff')

  writeFileSync(at('seed.iso'), makeIso('cidata', { 'user-data': '', 'meta-data': '' }))
  writeFileSync(at('short.iso'), Buffer.concat([makeIso('cidata', { 'user-data': '' }), Buffer.from('x')]))
  expect(await refused(...attach('one', 1, '--type', 'dvddrive', '--medium', at('short.iso')))).toEqual([
    1,
    expect.stringContaining('VERR_NOT_SUPPORTED'),
  ])
  for (const name of ['one', 'two']) await must(...attach(name, 1, '--type', 'dvddrive', '--medium', at('seed.iso')))
  expect(await must('list', 'dvds')).toContain(`Location:       ${at('seed.iso')}`)
  expect(await must('showvminfo', 'one', '--machinereadable')).toContain(`"SATA-1-0"="${at('seed.iso')}"\n`)
  await must(...attach('one', 1, '--medium', 'emptydrive'))
  expect(await must('showvminfo', 'one', '--machinereadable')).toContain('"SATA-1-0"="emptydrive"\n')
  await must('unregistervm', 'one', '--delete')
  expect(existsSync(at('d.vdi'))).toBe(true) // the other machine has it yet
  await must('unregistervm', 'two', '--delete')
  expect([existsSync(at('d.vdi')), existsSync(at('seed.iso'))]).toEqual([false, true])
  await must('closemedium', 'dvd', at('seed.iso'))
  expect(vbox.left()).toEqual([])
}, 60_000)
