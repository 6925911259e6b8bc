/** Which spellings of modifyvm each release takes, on which computer. */
import { expect, test } from '@jest/globals'
import { Getopt } from '../../../kit/virtualbox/getopt.ts'
import { modifyOptions } from '../../../kit/virtualbox/tables/modifyvm.ts'
import type { Installation, Release } from '../../../kit/virtualbox/versions.ts'

function takes(release: Release, option: string, value: string, more: Partial<Installation> = {}): string | undefined {
  const it = { release, platform: 'linux', architecture: 'x86', ...more } as const
  try {
    const taken = new Getopt([option, value], modifyOptions(it)).next()
    return (taken?.option as { id?: string } | undefined)?.id
  } catch {
    return undefined
  }
}

test('6.1 has the joined names only; 7.0 the dashed ones as well', () => {
  for (const [option, value, id] of [
    ['--natpf1', 'ssh,tcp,127.0.0.1,2222,,22', 'natpf'],
    ['--hostonlyadapter2', 'vboxnet0', 'hostonlyadapter'],
    ['--natdnshostresolver1', 'on', 'natdnshostresolver'],
    ['--nictype1', 'virtio', 'nictype'],
    ['--rtcuseutc', 'on', 'rtcuseutc'],
    ['--vtxvpid', 'on', 'vtxvpid'],
    ['--bioslogofadein', 'off', 'bioslogofadein'],
    ['--macaddress1', 'auto', 'macaddress'],
    ['--boot1', 'disk', 'boot'],
  ] as const)
    for (const release of ['6.1', '7.0', '7.1', '7.2'] as const)
      expect([option, release, takes(release, option, value)]).toEqual([option, release, id])
  for (const [option, value, id] of [
    ['--nat-pf1', 'ssh,tcp,,2222,,22', 'natpf'],
    ['--host-only-adapter2', 'vboxnet0', 'hostonlyadapter'],
    ['--nic-type1', 'virtio', 'nictype'],
    ['--rtc-use-utc', 'on', 'rtcuseutc'],
    ['--bios-logo-fade-in', 'off', 'bioslogofadein'],
    ['--nat-localhostreachable1', 'on', 'natlocalhostreachable'],
  ] as const)
    expect(['6.1', '7.0', '7.1'].map(release => takes(release as Release, option, value))).toEqual([undefined, id, id])
  for (const option of ['--nat-network1', '--natnetwork1']) expect(takes('6.1', option, 'x')).toBe('natnetwork')
})

test('7.1 has names for what only x86 has, and for the firmware', () => {
  expect(['7.0', '7.1', '7.2'].map(r => takes(r as Release, '--x86-pae', 'on'))).toEqual([undefined, 'pae', 'pae'])
  expect(['7.0', '7.1'].map(r => takes(r as Release, '--firmware-logo-fade-in', 'on'))).toEqual([
    undefined,
    'bioslogofadein',
  ])
  expect(takes('7.1', '--firmware', 'efi')).toBe('firmware')
  const x86 = modifyOptions({ release: '7.1', platform: 'linux', architecture: 'x86' }).filter(each => each.x86)
  expect(x86.map(({ id }) => id)).toEqual(
    expect.arrayContaining(['pae', 'hpet', 'hwvirtex', 'vtxvpid', 'nestedpaging']),
  )
})

test('host-only networks on macOS since 7.0 only', () => {
  const macos = { platform: 'macos' } as const
  expect(takes('7.0', '--host-only-net2', 'n', macos)).toBe('hostonlynet')
  expect(takes('7.0', '--hostonlynet2', 'n', macos)).toBe('hostonlynet')
  expect(takes('6.1', '--hostonlynet2', 'n', macos)).toBeUndefined()
  expect(takes('7.1', '--host-only-net2', 'n')).toBeUndefined()
})

test('each name is of one option, and is read as that', () => {
  const values = { string: 'x', onoff: 'on', uint32: '1', int64: '-1', nothing: '', uint8: '1', uint64: '1', uuid: '' }
  for (const release of ['6.1', '7.0', '7.1', '7.2'] as const) {
    const options = modifyOptions({ release, platform: 'macos', architecture: 'x86' })
    const names = options.flatMap(option => option.names)
    expect(new Set(names).size).toBe(names.length)
    for (const { names: own, id, kind, index } of options)
      for (const name of own) {
        const taken = new Getopt([index ? `${name}2` : name, values[kind]], options).next()
        expect([name, (taken?.option as { id?: string } | undefined)?.id, taken?.index]).toEqual([
          name,
          id,
          index ? 2 : 0,
        ])
      }
  }
})
