import { describe, expect, test } from '@jest/globals'
import { hostId } from '../../../../drivers/nspawn/host-id.ts'
import { BRIDGE_NAME, overlaps, parseSubnet, toAddress, toNumber } from '../../../../drivers/nspawn/subnet.ts'

describe('subnets', () => {
  test('are read, whatever address of theirs is given', () => {
    const net = parseSubnet('198.19.3.7/15')
    expect(net).toMatchObject({ cidr: '198.18.0.0/15', gateway: '198.18.0.1', bridge: 'mn-c6120000-15' })
    expect([toAddress(net.first), toAddress(net.last)]).toEqual(['198.18.0.2', '198.19.255.254'])
    expect(net.bridge).toMatch(BRIDGE_NAME)
    expect(net.bridge.length).toBeLessThanOrEqual(15)
  })
  test.each(['198.18.0.0', '198.18.0.0/30', '198.18.0.0/7', '300.1.1.1/24', 'fd00::/64', '10.0.0.0/x', ''])(
    '%p is refused',
    text => {
      expect(() => parseSubnet(text)).toThrow(`"${text}" is no subnet`)
    },
  )
  test('addresses above 127.255.255.255 stay positive', () => {
    expect(toNumber('255.255.255.255')).toBe(4294967295)
    expect(toAddress(4294967295)).toBe('255.255.255.255')
  })
  test.each([
    ['198.18.0.0/15', '198.18.100.0/24', true],
    ['198.18.100.0/24', '198.18.0.0/15', true],
    ['198.18.0.0/24', '198.18.1.0/24', false],
    ['192.168.0.0/16', '192.169.0.0/16', false],
  ])('%s and %s overlap: %s', (a, b, expected) => {
    expect(overlaps(parseSubnet(a), parseSubnet(b))).toBe(expected)
  })
})

describe('host ids', () => {
  test('carry the name and the store', () => expect(hostId('dev', '1a2b3c4d')).toBe('dev-1a2b3c4d'))
  test('differ where names differ only in what an id cannot hold', () => {
    const names = ['a.b', 'a-b', 'A-b', 'a--b', 'a-b-', 'x'.repeat(60), 'x'.repeat(61)]
    const ids = names.map(name => hostId(name, '1a2b3c4d'))
    expect(new Set(ids).size).toBe(names.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9](?:-?[a-z0-9])*$/)
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(63)
  })
})
