/** The stand-in VirtualBox: host-only networks, and what differs by computer. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'
import { startKitProgram } from './kit-program.ts'
import { readInfo, startBox } from './virtualbox-calls.ts'

test('host-only: ranges, DHCP servers, leases, and what is not there', async () => {
  await using box = await startBox()
  const { vbox, must, refused } = box
  const [one, two] = await Promise.all([must('hostonlyif', 'create'), must('hostonlyif', 'create')])
  expect([one, two].toSorted()).toEqual(
    ['vboxnet0', 'vboxnet1'].map(name => `Interface '${name}' was successfully created\n`),
  )
  const outside = ['hostonlyif', 'ipconfig', 'vboxnet0', '--ip', '192.168.99.1', '--netmask', '255.255.255.0']
  expect(await refused(...outside)).toEqual([
    1,
    'VBoxManage: error: Code E_ACCESSDENIED (0x80070005) - Access denied (extended info not available)\nVBoxManage: error: Context: "EnableStaticIPConfig(Bstr(pszIp).raw(), Bstr(pszNetmask).raw())" at line 252 of file VBoxManageHostonly.cpp\n',
  ])
  vbox.setNetworksConf('* 192.168.99.0/24\n')
  await must(...outside)
  expect(await must('list', 'hostonlyifs')).toContain(
    'Name:            vboxnet0\nGUID:            786f6276-656e-4074-8000-0a0027000000\nDHCP:            Disabled\nIPAddress:       192.168.99.1\nNetworkMask:     255.255.255.0\n',
  )
  expect(await refused('hostonlyif', 'ipconfig', 'vboxnet7', '--ip', '192.168.99.1')).toEqual([
    1,
    expect.stringContaining("The host network interface named 'vboxnet7' could not be found"),
  ])
  const range = [
    '--server-ip',
    '192.168.99.2',
    '--netmask',
    '255.255.255.0',
    '--lower-ip',
    '192.168.99.100',
    '--upper-ip',
    '192.168.99.254',
    '--enable',
  ]
  await must('dhcpserver', 'add', '--network', 'HostInterfaceNetworking-vboxnet0', ...range)
  expect(await refused('dhcpserver', 'add', '--interface', 'vboxnet0', ...range)).toEqual([
    2,
    expect.stringContaining('DHCP server already exists'),
  ])
  expect(await refused('dhcpserver', 'modify', '--interface', 'vboxnet0', '--upper-ip', '10.0.0.1')).toEqual([
    1,
    expect.stringContaining('NS_ERROR_INVALID_ARG'),
  ])
  expect(await must('list', 'dhcpservers')).toMatch(
    /^NetworkName: {4}HostInterfaceNetworking-vboxnet0\nDhcpd IP: {7}192\.168\.99\.2\nLowerIPAddress: 192\.168\.99\.100\nUpperIPAddress: 192\.168\.99\.254\n/,
  )

  await must('createvm', '--name', 'web', '--register')
  await must('modifyvm', 'web', '--nic1', 'hostonly', '--hostonlyadapter1', 'vboxnet7')
  expect(await refused('startvm', 'web')).toEqual([
    1,
    expect.stringContaining("Nonexistent host networking interface, name 'vboxnet7' (VERR_INTERNAL_ERROR)"),
  ])
  await must('modifyvm', 'web', '--hostonlyadapter1', 'vboxnet0')
  await must('startvm', 'web')
  await vbox.settled()
  const [address = ''] = vbox.machines()[0]?.leases ?? []
  expect(address).toMatch(/^192\.168\.99\.[12]\d\d$/)
  const { macaddress1: mac = '' } = readInfo(await must('showvminfo', 'web', '--machinereadable'))
  expect(await must('dhcpserver', 'findlease', '--interface', 'vboxnet0', '--mac-address', mac)).toContain(
    `IP Address:  ${address}\nMAC Address: ${mac.match(/../g)?.join(':').toLowerCase()}\nState:       acked\n`,
  )
  expect(
    await refused('dhcpserver', 'findlease', '--interface', 'vboxnet0', '--mac-address', '08-00-27-00-00-01'),
  ).toEqual([2, expect.stringContaining('Invalid argument format: 08-00-27-00-00-01')])
  expect(
    await refused('dhcpserver', 'findlease', '--network', 'nowhere', '--mac-address', '08:00:27:00:00:01'),
  ).toEqual([1, "VBoxManage: error: Failed to find DHCP server for network 'nowhere'\n"])
  await must('controlvm', 'web', 'poweroff')
  await must('unregistervm', 'web', '--delete')
  await must('dhcpserver', 'remove', '--interface', 'vboxnet0')
  for (const name of ['vboxnet0', 'vboxnet1']) await must('hostonlyif', 'remove', name)
  expect(vbox.left()).toEqual([])
}, 60_000)

test('macOS has networks for that since 7.0, and interfaces no more; Windows says it in its own way', async () => {
  await using mac = await startBox({ release: '7.1', platform: 'macos' })
  expect(await mac.refused('hostonlyif', 'create')).toEqual([
    1,
    expect.stringContaining('failed to open /dev/vboxnetctl'),
  ])
  await mac.must(
    'hostonlynet',
    'add',
    '--name',
    'machine',
    '--netmask',
    '255.255.255.0',
    '--lower-ip',
    '192.168.59.1',
    '--upper-ip',
    '192.168.59.254',
  )
  expect(await mac.must('list', 'hostonlynets')).toMatch(
    /^Name: {12}machine\nGUID: {12}[0-9a-f-]{36}\n\nState: {11}Enabled\n/,
  )
  await mac.must('createvm', '--name', 'web', '--register')
  await mac.must('modifyvm', 'web', '--nic2', 'hostonlynet', '--host-only-net2', 'machine')
  expect(readInfo(await mac.must('showvminfo', 'web', '--machinereadable'))).toMatchObject({
    nic2: 'hostonlynetwork',
    'hostonly-network2': 'machine',
  })
  await mac.must('modifyvm', 'web', '--nic1', 'hostonlynet', '--host-only-net1', 'machine')
  await mac.must('startvm', 'web')
  await mac.vbox.settled()
  const [lease] = mac.vbox.machines()[0]?.leases ?? []
  const leases = readFileSync(join(mac.vbox.folder, 'dhcpd_leases'), 'utf8')
  expect(leases).toMatch(new RegExp(`^\\{\n\tname=web\n\tip_address=${lease}\n\thw_address=1,8:0:27:`))
  await using linux = await startBox({ release: '7.1' })
  expect(await linux.refused('hostonlynet', 'add', '--name', 'x')).toEqual([
    2,
    expect.stringContaining("Invalid command 'hostonlynet'"),
  ])
  await using windows = await startBox({ platform: 'windows' })
  expect(await windows.must('hostonlyif', 'create')).toBe(
    "Interface 'VirtualBox Host-Only Ethernet Adapter' was successfully created\r\n",
  )
  await windows.must('hostonlyif', 'ipconfig', 'VirtualBox Host-Only Ethernet Adapter', '--ip', '10.9.0.1')
  expect(await windows.refused('showvminfo', 'web')).toEqual([
    1,
    expect.stringMatching(
      /^VBoxManage\.exe: error: Could not find a registered machine named 'web'\r\n.*callee IUnknown/,
    ),
  ])
}, 60_000)

test('machines of ARM, and computers of it', async () => {
  await using box = await startBox({ release: '7.1', architecture: 'arm' })
  await box.must(
    'createvm',
    '--name',
    'web',
    '--register',
    '--platform-architecture',
    'arm',
    '--ostype',
    'Ubuntu_arm64',
  )
  expect(readInfo(await box.must('showvminfo', 'web', '--machinereadable'))).toMatchObject({
    platformArchitecture: 'ARM',
    chipset: 'armv8virtual',
    firmware: 'EFI',
  })
  expect(await box.refused('modifyvm', 'web', '--x86-pae', 'on')).toEqual([
    1,
    expect.stringContaining('VBOX_E_PLATFORM_ARCH_NOT_SUPPORTED'),
  ])
  await box.must('createvm', '--name', 'old', '--register', '--ostype', 'Ubuntu_64')
  expect(await box.refused('startvm', 'old')).toEqual([
    1,
    expect.stringContaining('platform architecture is not supported'),
  ])
  await box.must('startvm', 'web')
  await using older = await startBox({ release: '7.0' })
  expect(await older.refused('createvm', '--name', 'web', '--platform-architecture', 'x86')).toEqual([
    2,
    expect.stringContaining('Unknown option: --platform-architecture'),
  ])
}, 60_000)

test('a person starts it alone: where VBoxManage is on stdout, and away with Ctrl-C', async () => {
  await using kit = await startKitProgram('virtualbox', ['--release', '7.1'])
  expect(Object.keys(kit.env)).toEqual(['PATH', 'VBOX_USER_HOME', 'VIRTUALBOX_IMAGE'])
  const { stdout } = await promisify(execFile)('VBoxManage', ['--version'], { env: kit.env })
  expect(stdout).toMatch(/^7\.1\.\d+r\d+\n$/)
  expect(await kit.interrupt()).toBe(0)
}, 60_000)
