/** The stand-in VirtualBox: machines and what they are plugged into, as VBoxManage tells and refuses it. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import type { VirtualBoxStandIn } from '../kit/virtualbox/virtualbox.ts'
import { readInfo, startBox } from './virtualbox-calls.ts'

const state = (vbox: VirtualBoxStandIn) => vbox.machines().map(vm => vm.state)

test('versions say who they are; commands nobody knows are told with the usage', async () => {
  for (const [release, version] of [
    ['6.1', /^6\.1\.\d+r\d+\n$/],
    ['7.0', /^7\.0\.\d+r\d+\n$/],
    ['7.1', /^7\.1\.\d+r\d+\n$/],
  ] as const) {
    await using box = await startBox({ release })
    expect(await box.must('--version')).toMatch(version)
    const [code, stderr] = await box.refused('conquer', 'web')
    expect([code, stderr]).toEqual([2, expect.stringContaining("VBoxManage: error: Invalid command 'conquer'")])
    expect(stderr).toContain('Usage:')
    expect(box.vbox.complaints).toHaveLength(1)
  }
}, 60_000)

test('a life: made, set, plugged in, started, paused, saved, switched off, and gone with all its files', async () => {
  await using box = await startBox()
  const { vbox, must, refused } = box
  const made = await must(
    'createvm',
    '--name',
    'web',
    '--ostype',
    'Ubuntu_64',
    '--register',
    '--basefolder',
    join(vbox.folder, 'own'),
  )
  expect(made).toMatch(
    /^Virtual machine 'web' is created and registered\.\nUUID: [0-9a-f-]{36}\nSettings file: '.*\/own\/web\/web\.vbox'\n$/,
  )
  const [clash, text] = await refused(
    'createvm',
    '--name',
    'web',
    '--register',
    '--basefolder',
    join(vbox.folder, 'own'),
  )
  expect([clash, text]).toEqual([
    1,
    expect.stringMatching(
      /Machine settings file '.*web\.vbox' already exists\n.*VBOX_E_FILE_ERROR \(0x80bb0004\), component MachineWrap/,
    ),
  ])
  await must(
    'modifyvm',
    'web',
    '--memory',
    '2048',
    '--cpus=2',
    '--nictype1',
    'virtio',
    '--boot1',
    'disk',
    '--firmware',
    'efi',
  )
  await must('storagectl', 'web', '--name', 'SATA', '--add', 'sata', '--portcount', '2', '--hostiocache', 'on')
  const disk = join(vbox.folder, 'own/web/disk.vdi')
  await must('createmedium', 'disk', '--filename', disk, '--size', '10000')
  await must(
    'storageattach',
    'web',
    '--storagectl',
    'SATA',
    '--port',
    '0',
    '--device',
    '0',
    '--type',
    'hdd',
    '--medium',
    disk,
  )
  const shown = readInfo(await must('showvminfo', 'web', '--machinereadable'))
  expect(shown).toMatchObject({
    name: 'web',
    ostype: 'Ubuntu (64-bit)',
    memory: '2048',
    cpus: '2',
    firmware: 'EFI',
    boot1: 'disk',
    VMState: 'poweroff',
    nic1: 'nat',
    nictype1: 'virtio',
    nic2: 'none',
    storagecontrollername0: 'SATA',
    storagecontrollertype0: 'IntelAhci',
    'SATA-0-0': disk,
    'SATA-1-0': 'none',
  })
  expect(shown.macaddress1).toMatch(/^080027[0-9A-F]{6}$/)
  expect(await must('list', 'vms')).toMatch(/^"web" \{[0-9a-f-]{36}\}\n$/)
  expect(await must('list', 'runningvms')).toBe('')

  expect(await must('startvm', 'web', '--type', 'headless')).toBe(
    'Waiting for VM "web" to power on...\nVM "web" has been successfully started.\n',
  )
  expect(state(vbox)).toEqual(['running'])
  expect(await must('list', 'runningvms')).toContain('"web"')
  expect(await refused('modifyvm', 'web', '--memory', '512')).toEqual([
    1,
    expect.stringMatching(
      /The machine 'web' is already locked for a session \(or being unlocked\)\n.*VBOX_E_INVALID_OBJECT_STATE \(0x80bb0007\)/,
    ),
  ])
  expect(await refused('unregistervm', 'web', '--delete')).toEqual([
    1,
    expect.stringContaining("Cannot unregister the machine 'web' while it is locked"),
  ])
  await must('controlvm', 'web', 'pause')
  expect(readInfo(await must('showvminfo', 'web', '--machinereadable')).VMState).toBe('paused')
  await must('controlvm', 'web', 'resume')
  await must('controlvm', 'web', 'savestate')
  expect(state(vbox)).toEqual(['saved'])
  await must('startvm', 'web')
  await must('controlvm', 'web', 'acpipowerbutton')
  await vbox.settled()
  expect(state(vbox)).toEqual(['poweroff'])
  expect(await refused('controlvm', 'web', 'poweroff')).toEqual([
    1,
    "VBoxManage: error: Machine 'web' is not currently running.\n",
  ])
  await must('startvm', 'web')
  await vbox.crash('web')
  expect(state(vbox)).toEqual(['aborted'])
  expect(readFileSync(join(vbox.folder, 'own/web/Logs/VBox.log'), 'utf8')).toContain('POWERING_ON')

  await must('unregistervm', 'web', '--delete')
  expect([existsSync(disk), existsSync(join(vbox.folder, 'own/web'))]).toEqual([false, false])
  expect(await refused('showvminfo', 'web')).toEqual([
    1,
    expect.stringMatching(
      /^VBoxManage: error: Could not find a registered machine named 'web'\n.*VBOX_E_OBJECT_NOT_FOUND \(0x80bb0001\), component VirtualBoxWrap, interface IVirtualBox, callee nsISupports\n/,
    ),
  ])
  expect(vbox.left()).toEqual([])
}, 60_000)

test('modifyvm does all or nothing, and says of each value what is wrong with it', async () => {
  await using box = await startBox()
  const { vbox, must, refused } = box
  await must('createvm', '--name', 'web', '--register')
  for (const [argv, message] of [
    [['--memory', '3'], 'Invalid RAM size: 3 MB (must be in range [4, 2097152] MB)'],
    [['--cpus', '0'], 'Invalid virtual CPU count: 0 (must be in range [1, 64])'],
    [['--memory', 'lots'], 'Invalid argument format: lots'],
    [['--memory'], '--memory: RTGetOpt: Command line option needs argument.'],
    [['--memoryy', '1'], 'Unknown option: --memoryy'],
    [['--nic9', 'nat'], 'Invalid NIC number 9'],
    [['--nic1', 'wifi'], "Invalid type 'wifi' specfied for NIC 1"],
    [['--nictype1', 'fast'], "Invalid NIC type 'fast' specified for NIC 1"],
    [['--nicpromisc1', 'some'], "Unknown promiscuous mode policy 'some'"],
    [['--natpf1', 'ssh,tcp,2222'], "Missing or invalid argument to '--natpf1'"],
    [['--natpf1', 'delete', 'ssh'], 'Code E_INVALIDARG (0x80070057)'],
    [['--firmware', 'open'], "Invalid --firmware argument 'open'"],
    [['--ostype', 'Plan9'], "Guest OS type 'Plan9' is invalid"],
    [['--macaddress1', '010203040506'], 'Invalid MAC address format'],
    [['--hostonlynet2', 'n'], 'Unknown option: --hostonlynet2'],
  ] as const)
    expect([argv, await refused('modifyvm', 'web', '--description', 'never', ...argv)]).toEqual([
      argv,
      [1, expect.stringContaining(message)],
    ])
  expect(readFileSync(join(vbox.folder, 'VirtualBox.json'), 'utf8')).not.toContain('never')
  await must('modifyvm', 'web', '--natpf1', 'ssh,tcp,127.0.0.1,2222,,22')
  expect(await refused('modifyvm', 'web', '--natpf1', 'ssh,tcp,,2223,,22')).toEqual([
    1,
    expect.stringContaining('A NAT rule of this name already exists'),
  ])
  expect(readInfo(await must('showvminfo', 'web', '--machinereadable'))['Forwarding(0)']).toBe(
    'ssh,tcp,127.0.0.1,2222,,22',
  )
}, 60_000)

test('after its end a machine stays locked for a moment; without VT-x none starts', async () => {
  await using box = await startBox({ delays: { unlockMs: 400, acpiMs: 0 } })
  await box.must('createvm', '--name', 'web', '--register')
  box.vbox.computer.vtx = false
  expect(await box.refused('startvm', 'web', '--type', 'headless')).toEqual([
    1,
    expect.stringMatching(
      /VT-x is disabled in the BIOS for all CPU modes \(VERR_VMX_MSR_ALL_VMX_DISABLED\)\n.*NS_ERROR_FAILURE \(0x80004005\), component ConsoleWrap, interface IConsole/,
    ),
  ])
  box.vbox.computer.vtx = true
  await box.must('startvm', 'web')
  await box.must('controlvm', 'web', 'poweroff')
  expect(await box.refused('unregistervm', 'web')).toEqual([1, expect.stringContaining('while it is locked')])
  await sleep(500)
  await box.must('unregistervm', 'web')
}, 60_000)
