/** The command lines of a create, each word of them. */
import { expect, test } from '@jest/globals'
import {
  createArgs,
  type Hardware,
  hostOnlyArgs,
  modifyArgs,
  storageArgs,
} from '../../../../drivers/virtualbox/hardware.ts'
import { settingsOf } from '../../../../drivers/virtualbox/settings.ts'
import { mountScript } from '../../../../drivers/virtualbox/share.ts'
import type { State } from '../../../../drivers/virtualbox/state.ts'
import type { Version } from '../../../../drivers/virtualbox/version.ts'
import { configOf } from './config.ts'

const state = {
  MachineName: 'dev',
  VMId: '7d5cf0f9-1111-4222-8333-444455556666',
  NatMac: '080027000001',
  HostOnlyMac: '080027000002',
  HostOnlyNicType: '82540EM',
  HostOnlyPromiscMode: 'deny',
} as State
const hardware = (version: Version, arch: NodeJS.Architecture = 'x64', typed = {}): Hardware => ({
  settings: settingsOf(configOf(typed), { HOME: '/home/a' }, arch),
  state,
  version,
  arch,
})

test('createvm', () => {
  expect(createArgs(hardware([6, 1, 50]), '/store').join(' ')).toBe(
    'createvm --name dev --uuid 7d5cf0f9-1111-4222-8333-444455556666 --ostype Linux26_64 --basefolder /store --register',
  )
  expect(createArgs(hardware([7, 1, 0]), '/store')).toEqual(expect.arrayContaining(['--platform-architecture', 'x86']))
  expect(createArgs(hardware([7, 1, 0], 'arm64'), '/store')).toEqual(
    expect.arrayContaining(['--platform-architecture', 'arm', '--ostype', 'Ubuntu_arm64']),
  )
})

test('modifyvm, as 6.1 spells it', () => {
  const typed = { 'cpu-count': '2', memory: '2048', 'host-dns-resolver': true, 'no-dns-proxy': true }
  expect(modifyArgs(hardware([6, 1, 50], 'x64', typed), '/store/console.log').join(' ')).toBe(
    [
      '--cpus 2 --memory 2048 --vram 16 --graphicscontroller vmsvga --rtcuseutc on',
      '--boot1 disk --boot2 none --boot3 none --boot4 none',
      '--firmware bios --biosbootmenu disabled --bioslogodisplaytime 0 --ioapic on --uart1 0x3F8 4 --uartmode1 file /store/console.log',
      '--nic1 nat --nictype1 82540EM --cableconnected1 on --macaddress1 080027000001 --natdnshostresolver1 on --natdnsproxy1 off',
    ].join(' '),
  )
})

test('on ARM nothing that x86 alone has', () => {
  const args = modifyArgs(hardware([7, 1, 0], 'arm64'), '/store/console.log').join(' ')
  expect(args).not.toMatch(/bios|firmware|ioapic|uart|82540EM/)
  expect(args).toContain('--nic-type1 virtio')
  expect(storageArgs('d', 's', 'arm64')[0]).toEqual(expect.arrayContaining(['--add', 'virtio']))
})

test('the card to this computer', () => {
  expect(hostOnlyArgs({ name: 'vboxnet0', kind: 'interface' }, state, [7, 0, 0]).join(' ')).toBe(
    '--nic2 hostonly --host-only-adapter2 vboxnet0 --nic-type2 82540EM --nic-promisc2 deny --cable-connected2 on --mac-address2 080027000002',
  )
  expect(hostOnlyArgs({ name: 'machine-192.168.59.0', kind: 'network' }, state, [7, 0, 0]).join(' ')).toMatch(
    /^--nic2 hostonlynet --host-only-net2 machine-192\.168\.59\.0 /,
  )
  // docker-machine's records name no MAC: the VM keeps its own.
  const { HostOnlyMac: _, ...old } = state
  expect(hostOnlyArgs({ name: 'vboxnet0', kind: 'interface' }, old, [7, 0, 0])).not.toContain('--mac-address2')
})

test('the script that mounts the shared folder is one that sh reads', async () => {
  const { execFileSync } = await import('node:child_process')
  const script = mountScript({ folder: 'c:\\Users', name: 'c/Users' })
  execFileSync('sh', ['-n'], { input: script })
  expect(script).toContain("name='c/Users'")
})
