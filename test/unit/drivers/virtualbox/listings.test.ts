/** What VBoxManage prints, as it prints it. */
import { describe, expect, test } from '@jest/globals'
import { hostOnlyCard } from '../../../../drivers/virtualbox/address.ts'
import { statusOf } from '../../../../drivers/virtualbox/inspect.ts'
import { readList, readMachine, readVersion, readVms } from '../../../../drivers/virtualbox/listings.ts'
import { option } from '../../../../drivers/virtualbox/version.ts'

test('showvminfo --machinereadable', () => {
  const info = readMachine(`name="my \\"vm\\""
Encryption:     disabled
UUID="7d5cf0f9-1111-4222-8333-444455556666"
memory=1024
"SATA-0-0"="C:\\\\VMs\\\\disk.vdi"
nic1="nat"
Forwarding(0)="ssh,tcp,127.0.0.1,50022,,22"
hostonlyadapter2="vboxnet0"
macaddress2="080027ABCDEF"
nic2="hostonly"
VMState="running"\r
VMStateChangeTime="2026-11-26T19:00:00.000000000"
`)
  expect(Object.fromEntries(info)).toMatchObject({
    name: 'my "vm"',
    memory: '1024',
    'SATA-0-0': 'C:\\VMs\\disk.vdi',
    'Forwarding(0)': 'ssh,tcp,127.0.0.1,50022,,22',
    VMState: 'running',
  })
  expect(hostOnlyCard(info)).toEqual({ index: 2, mac: '080027ABCDEF', interface: 'vboxnet0' })
  expect(hostOnlyCard(readMachine('nic1="nat"\nmacaddress1="080027000000"'))).toBeUndefined()
  const apple = readMachine('nic2="hostonlynetwork"\nmacaddress2="080027ABCDEF"\nhostonly-network2="x"')
  expect(hostOnlyCard(apple)).toEqual({ index: 2, mac: '080027ABCDEF', interface: undefined })
})

test.each([
  ['running', 'Running'],
  ['paused', 'Paused'],
  ['saved', 'Saved'],
  ['aborted-saved', 'Saved'],
  ['poweroff', 'Stopped'],
  ['aborted', 'Stopped'],
  ['starting', 'Starting'],
  ['stopping', 'Stopping'],
  ['gurumeditation', 'Error'],
  ['somethingnew', ''],
])('VMState %s is %s', (state, status) => expect(statusOf(readMachine(`VMState="${state}"`))).toBe(status))

test('a VM whose file is gone', () => expect(statusOf(readMachine('name="<inaccessible>"'))).toBe('Error'))

describe('lists', () => {
  test('of interfaces', () => {
    const text = `Name:            vboxnet0
GUID:            786f6276-656e-4074-8000-0a0027000000
DHCP:            Disabled
IPAddress:       192.168.59.1
NetworkMask:     255.255.255.0
IPV6Address:
HardwareAddress: 0a:00:27:00:00:00
VBoxNetworkName: HostInterfaceNetworking-vboxnet0

Name:            vboxnet1
IPAddress:       192.168.57.1
`
    expect(readList(text).map(each => [each.get('Name'), each.get('IPAddress'), each.get('IPV6Address')])).toEqual([
      ['vboxnet0', '192.168.59.1', ''],
      ['vboxnet1', '192.168.57.1', undefined],
    ])
  })
  test('of networks of macOS, with a blank line in the middle of each', () => {
    const text =
      'Name:            a\nGUID:            x\n\nState:           Enabled\nLowerIP:         192.168.59.1\n\nName:            b\n'
    expect(readList(text).map(each => [each.get('Name'), each.get('LowerIP')])).toEqual([
      ['a', '192.168.59.1'],
      ['b', undefined],
    ])
  })
  test('that are empty', () => expect(readList('\n')).toEqual([]))
  test('of VMs, whatever their names', () => {
    const text =
      '"a \\"b\\" {c}" {7d5cf0f9-1111-4222-8333-444455556666}\n"<inaccessible>" {00000000-1111-4222-8333-444455556666}\n'
    expect(readVms(text)).toEqual([
      { name: 'a \\"b\\" {c}', id: '7d5cf0f9-1111-4222-8333-444455556666' },
      { name: '<inaccessible>', id: '00000000-1111-4222-8333-444455556666' },
    ])
  })
})

test.each([
  ['7.0.20r163906\n', [7, 0, 20]],
  ['6.1.38_Debianr153438', [6, 1, 38]],
  ['WARNING: The vboxdrv kernel module is not loaded.\n7.1.4r165100', [7, 1, 4]],
  ['what?', undefined],
])('version %j', (text, version) => expect(readVersion(text)).toEqual(version))

test('options are spelt as the version’s manual does', () => {
  expect(['natpf1', 'nictype2', 'cpus', 'biosbootmenu'].map(name => option([6, 1, 50], name))).toEqual([
    '--natpf1',
    '--nictype2',
    '--cpus',
    '--biosbootmenu',
  ])
  expect(['natpf1', 'nictype2', 'biosbootmenu'].map(name => option([7, 0, 0], name))).toEqual([
    '--nat-pf1',
    '--nic-type2',
    '--bios-boot-menu',
  ])
  expect(['uartmode1', 'biosbootmenu'].map(name => option([7, 1, 0], name))).toEqual([
    '--uart-mode1',
    '--firmware-boot-menu',
  ])
})
