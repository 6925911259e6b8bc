import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { leaseIn } from '../../../../drivers/virtualbox/apple-leases.ts'
import { fixedAddresses, overlap, parseNetwork, rangeOf } from '../../../../drivers/virtualbox/network.ts'
import { allows, isAllowed } from '../../../../drivers/virtualbox/networks-conf.ts'

describe('a host-only network', () => {
  test('as Docker Machine laid it out', () => {
    expect(parseNetwork('192.168.59.1/24')).toMatchObject({
      own: '192.168.59.1',
      netmask: '255.255.255.0',
      server: '192.168.59.2',
      lower: '192.168.59.100',
      upper: '192.168.59.254',
    })
  })
  test('larger and smaller ones', () => {
    expect(parseNetwork('10.1.0.5/16')).toMatchObject({
      netmask: '255.255.0.0',
      lower: '10.1.0.100',
      upper: '10.1.0.254',
    })
    expect(parseNetwork('192.168.56.2/28')).toMatchObject({
      server: '192.168.56.3',
      netmask: '255.255.255.240',
      lower: '192.168.56.8',
      upper: '192.168.56.14',
    })
  })
  test('fixed addresses are none that DHCP gives away', () => {
    const all = fixedAddresses(parseNetwork('192.168.59.1/24'))
    expect([all[0], all.at(-1), all.length]).toEqual(['192.168.59.4', '192.168.59.99', 96])
    expect(fixedAddresses(parseNetwork('192.168.59.50/24'))).not.toContain('192.168.59.50')
  })
  test('which share an address', () => {
    const [a, b, c] = ['10.0.0.0/8', '10.5.0.1/24', '11.0.0.0/8'].map(text => rangeOf(text)) as {
      base: number
      last: number
    }[]
    expect([overlap(a as never, b as never), overlap(b as never, c as never)]).toEqual([true, false])
    expect(rangeOf('fe80::1/64')).toBeUndefined()
  })
})

describe('networks.conf', () => {
  const [ours, old] = [parseNetwork('192.168.59.1/24'), parseNetwork('192.168.99.1/24')]
  test('without one, 192.168.56.0/21 from 6.1.28 on; never on Windows', async () => {
    const file = '/nonexistent/networks.conf'
    expect(await isAllowed(ours, [7, 0, 0], { platform: 'linux', file })).toBe(true)
    expect(await isAllowed(old, [7, 0, 0], { platform: 'linux', file })).toBe(false)
    expect(await isAllowed(old, [6, 1, 26], { platform: 'linux', file })).toBe(true)
    expect(await isAllowed(old, [7, 1, 0], { platform: 'win32', file })).toBe(true)
  })
  test('with one, what it lists and nothing else', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'machine-conf-'))
    const file = join(dir, 'networks.conf')
    writeFileSync(file, '# ours\n* 10.0.0.0/8 192.168.99.0/24\n* 2001::/64\n')
    expect(await isAllowed(old, [7, 0, 0], { platform: 'linux', file })).toBe(true)
    expect(await isAllowed(ours, [7, 0, 0], { platform: 'linux', file })).toBe(false)
    rmSync(dir, { recursive: true })
  })
  test('a line needs its star', () => expect(allows('192.168.99.0/24\n', old)).toBe(false))
})

test('leases of macOS: without leading zeros, the newest counts', () => {
  const text = `{
	name=dev
	ip_address=192.168.59.3
	hw_address=1,8:0:27:1:ab:ff
	identifier=1,8:0:27:1:ab:ff
	lease=0x65a0aaaa
}
{
	ip_address=192.168.59.7
	hw_address=1,8:0:27:1:ab:ff
	lease=0x65a0bbbb
}
{
	ip_address=192.168.59.9
	hw_address=1,8:0:27:1:ab:fe
	lease=0x65a0cccc
}
`
  expect(leaseIn(text, '08002701ABFF')).toBe('192.168.59.7')
  expect(leaseIn(text, '080027000000')).toBeUndefined()
})
