import type { IpPermission } from '@aws-sdk/client-ec2'
import { expect, test } from '@jest/globals'
import { missingRules, missingSwarm, permissionsOf } from '../../../../drivers/amazonec2/rules.ts'
import { ruleText, wantedRules } from '../../../../drivers/cloud/rules.ts'

const here = { v4: ['203.0.113.7/32'], v6: [] }
const wanted = wantedRules({
  sshPort: 22,
  enginePort: 2376,
  ranges: here,
  openPorts: [{ protocol: 'udp', from: 53, to: 54 }],
})
const open = (IpProtocol: string, FromPort: number, ToPort: number, CidrIp: string): IpPermission => ({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges: [{ CidrIp }],
})

test('SSH and the engine are open to the caller, what was asked for to everybody', () => {
  const Description = 'opened by machine'
  expect(permissionsOf(wanted)).toEqual([
    { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '203.0.113.7/32', Description }] },
    { IpProtocol: 'tcp', FromPort: 2376, ToPort: 2376, IpRanges: [{ CidrIp: '203.0.113.7/32', Description }] },
    {
      IpProtocol: 'udp',
      FromPort: 53,
      ToPort: 54,
      IpRanges: [{ CidrIp: '0.0.0.0/0', Description }],
      Ipv6Ranges: [{ CidrIpv6: '::/0', Description }],
    },
  ])
  expect(wantedRules({ sshPort: 2376, enginePort: 2376, ranges: here, openPorts: [] })).toHaveLength(1)
})

test.each<[string, IpPermission[], number[]]>([
  ['nothing', [], [22, 2376, 53]],
  ['the same', [open('tcp', 22, 22, '203.0.113.7/32')], [2376, 53]],
  ['a wider range of ports and addresses', [open('tcp', 1, 3000, '203.0.113.0/24')], [53]],
  ['everything', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }], []],
  ['another address', [open('tcp', 22, 22, '198.51.100.0/24')], [22, 2376, 53]],
  ['a narrower range', [open('udp', 53, 53, '0.0.0.0/0')], [22, 2376, 53]],
  ['another protocol', [open('udp', 22, 22, '0.0.0.0/0')], [22, 2376, 53]],
  [
    'a prefix list',
    [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId: 'pl-1' }] }],
    [2376, 53],
  ],
])('%s lets in', (_, have, missing) => expect(missingRules(wanted, have).map(rule => rule.from)).toEqual(missing))

test('of a rule only what is missing is added', () => {
  const [rule] = missingRules(wanted.slice(2), [open('udp', 53, 54, '0.0.0.0/0')])
  expect(rule?.ranges).toEqual({ v4: [], v6: ['::/0'] })
  expect(permissionsOf([rule as (typeof wanted)[0]])[0]).not.toHaveProperty('IpRanges')
})

test('IPv6 ranges are compared as such', () => {
  const rules = wantedRules({ sshPort: 22, enginePort: 22, ranges: { v4: [], v6: ['2001:db8::7/128'] }, openPorts: [] })
  const within = (CidrIpv6: string) => [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, Ipv6Ranges: [{ CidrIpv6 }] }]
  expect(missingRules(rules, within('2001:db8::/32'))).toEqual([])
  expect(missingRules(rules, within('2001:db9::/32'))).toHaveLength(1)
  expect(missingRules(rules, [open('tcp', 22, 22, '0.0.0.0/0')])).toHaveLength(1)
})

test('swarm mode is open within the group alone', () => {
  const pairs = [{ GroupId: 'sg-1', Description: 'opened by machine' }]
  expect(missingSwarm('sg-1', [])).toEqual([
    { IpProtocol: 'tcp', FromPort: 2377, ToPort: 2377, UserIdGroupPairs: pairs },
    { IpProtocol: 'tcp', FromPort: 7946, ToPort: 7946, UserIdGroupPairs: pairs },
    { IpProtocol: 'udp', FromPort: 7946, ToPort: 7946, UserIdGroupPairs: pairs },
    { IpProtocol: 'udp', FromPort: 4789, ToPort: 4789, UserIdGroupPairs: pairs },
  ])
  expect(missingSwarm('sg-1', missingSwarm('sg-1', []))).toEqual([])
  expect(missingSwarm('sg-2', missingSwarm('sg-1', []))).toHaveLength(4)
})

test('in words', () =>
  expect(wanted.map(ruleText)).toEqual([
    'tcp 22 from 203.0.113.7/32',
    'tcp 2376 from 203.0.113.7/32',
    'udp 53-54 from 0.0.0.0/0, ::/0',
  ]))
