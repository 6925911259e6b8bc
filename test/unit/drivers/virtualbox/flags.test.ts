/** The surface: every flag and variable of Docker Machine 0.16.2, with its default and its meaning. */
import { describe, expect, test } from '@jest/globals'
import type { FlagSpec } from '../../../../drivers/driver.ts'
import { virtualbox } from '../../../../drivers/virtualbox/index.ts'
import { settingsOf } from '../../../../drivers/virtualbox/settings.ts'
import { flagNames } from '../../../../src/driver-config.ts'
import { configOf } from './config.ts'

type Row = [name: string, type: FlagSpec['type'], env: string, fallback: unknown]

/** As docker-machine lists them. One default is another, for VirtualBox refuses 192.168.99.1/24. */
const DOCKER_MACHINE: Row[] = [
  ['memory', 'int', 'VIRTUALBOX_MEMORY_SIZE', 1024],
  ['cpu-count', 'int', 'VIRTUALBOX_CPU_COUNT', 1],
  ['disk-size', 'int', 'VIRTUALBOX_DISK_SIZE', 20000],
  ['boot2docker-url', 'string', 'VIRTUALBOX_BOOT2DOCKER_URL', undefined],
  ['import-boot2docker-vm', 'string', 'VIRTUALBOX_BOOT2DOCKER_IMPORT_VM', undefined],
  ['host-dns-resolver', 'bool', 'VIRTUALBOX_HOST_DNS_RESOLVER', undefined],
  ['nat-nictype', 'string', 'VIRTUALBOX_NAT_NICTYPE', '82540EM'],
  ['hostonly-cidr', 'string', 'VIRTUALBOX_HOSTONLY_CIDR', '192.168.59.1/24'],
  ['hostonly-nictype', 'string', 'VIRTUALBOX_HOSTONLY_NIC_TYPE', '82540EM'],
  ['hostonly-nicpromisc', 'string', 'VIRTUALBOX_HOSTONLY_NIC_PROMISC', 'deny'],
  ['ui-type', 'string', 'VIRTUALBOX_UI_TYPE', 'headless'],
  ['hostonly-no-dhcp', 'bool', 'VIRTUALBOX_HOSTONLY_NO_DHCP', undefined],
  ['no-share', 'bool', 'VIRTUALBOX_NO_SHARE', undefined],
  ['no-dns-proxy', 'bool', 'VIRTUALBOX_NO_DNS_PROXY', undefined],
  ['no-vtx-check', 'bool', 'VIRTUALBOX_NO_VTX_CHECK', undefined],
  ['share-folder', 'string', 'VIRTUALBOX_SHARE_FOLDER', undefined],
]

const specs = Object.entries(virtualbox.flags as Record<string, FlagSpec>)

test.each(DOCKER_MACHINE)('--virtualbox-%s', (name, type, env, fallback) => {
  const found = specs.find(([key, spec]) => flagNames(virtualbox, key, spec).includes(`virtualbox-${name}`))?.[1]
  expect(found).toMatchObject({ type, env })
  expect(found?.default).toEqual(fallback)
})

test('every flag has a variable of its own', () => {
  const names = specs.map(([, spec]) => spec.env)
  expect(names.every(name => name?.startsWith('VIRTUALBOX_'))).toBe(true)
  expect(new Set(names).size).toBe(names.length)
})

const of = (typed: Record<string, unknown> = {}, env: Record<string, string> = {}, arch: NodeJS.Architecture = 'x64') =>
  settingsOf(configOf(typed, env), { HOME: '/home/a' }, arch)

describe('their meaning', () => {
  test('nothing said', () => {
    expect(of()).toMatchObject({
      memoryMb: 1024,
      cpus: 1,
      diskMb: 20000,
      linked: true,
      sshUser: 'docker',
      natCard: '82540EM',
      dhcp: true,
      address: undefined,
      dns: { hostResolver: false, proxy: true },
      share: undefined,
      stopSeconds: 120,
      imageDir: '/home/a/.local/share/machine/images',
    })
  })
  test('all processors, at most 32', () => {
    const { cpus } = of({ 'cpu-count': '-1' })
    expect(cpus).toBeGreaterThanOrEqual(1)
    expect(cpus).toBeLessThanOrEqual(32)
  })
  test('variables count as flags do', () => {
    expect(
      of({}, { VIRTUALBOX_MEMORY_SIZE: '2048', VIRTUALBOX_NO_SHARE: 'true', VIRTUALBOX_HOSTONLY_NO_DHCP: '1' }),
    ).toMatchObject({ memoryMb: 2048, share: 'none', dhcp: false })
  })
  test('cards of x86 give way on ARM, unless they were asked for', () => {
    expect(of({ 'hostonly-nictype': 'Am79C973' }, {}, 'arm64')).toMatchObject({
      natCard: 'virtio',
      hostOnlyCard: 'Am79C973',
    })
  })
  test('boot2docker-url takes an image', () => {
    expect(of({ 'boot2docker-url': 'https://example.com/x.vmdk' }).image.image).toBe('https://example.com/x.vmdk')
  })
  test.each([
    [{ 'boot2docker-url': 'https://example.com/boot2docker.iso?x=1' }, 'is a CD, and boot2docker is no longer made'],
    [{ 'import-boot2docker-vm': 'boot2docker-vm' }, 'the disk of a boot2docker VM works with its CD alone'],
    [{ 'boot2docker-url': '/a.vmdk', image: '/b.vmdk' }, 'are one setting with two values'],
    [{ memory: '16' }, '--virtualbox-memory 16 is too little: at least 256 MB'],
    [{ memory: '9999999' }, '--virtualbox-memory 9999999 is too much: VirtualBox takes at most 2097152 MB'],
    [{ 'cpu-count': '65' }, '--virtualbox-cpu-count 65 is too much: VirtualBox takes at most 64'],
    [{ 'nat-nictype': 'x' }, '--virtualbox-nat-nictype "x" is no network card of VirtualBox'],
    [{ 'hostonly-nictype': 'x' }, '--virtualbox-hostonly-nictype "x" is no network card of VirtualBox'],
    [{ 'disk-size': '100' }, '--virtualbox-disk-size 100 is too little: at least 3072 MB'],
    [{ 'ssh-user': 'root' }, '--virtualbox-ssh-user "root" cannot be a login'],
    [{ 'ssh-user': 'a b' }, '--virtualbox-ssh-user "a b" cannot be a login'],
    [{ 'share-folder': '/srv' }, '--virtualbox-share-folder "/srv" is not FOLDER:NAME'],
    [{ 'share-folder': '/srv:../x' }, '--virtualbox-share-folder "/srv:../x" is not FOLDER:NAME'],
    [{ 'hostonly-cidr': '192.168.59.0/24' }, 'names the whole network, not this computer in it'],
    [{ 'hostonly-cidr': 'x' }, '--virtualbox-hostonly-cidr "x" is no host-only network'],
    [
      { 'hostonly-address': '10.0.0.1' },
      '--virtualbox-hostonly-address 10.0.0.1 is no free address of 192.168.59.0/24',
    ],
    [{ 'hostonly-address': '192.168.59.1' }, 'is no free address'],
  ])('%j is refused: %s', (typed, text) => {
    expect(() => of(typed)).toThrow(text)
  })
  test('a drive of Windows in a shared folder', () => {
    expect(of({ 'share-folder': 'c:\\work:work' }).share).toEqual({ folder: 'c:\\work', name: 'work' })
  })
})
