import { expect, test } from '@jest/globals'
import { grantsOf, permissionsOf } from '../../../../drivers/aliyunecs/permissions.ts'
import { missingRules, wantedRules } from '../../../../drivers/cloud/rules.ts'

const ranges = { v4: ['203.0.113.7/32', '10.0.0.0/8'], v6: [] }
const wanted = wantedRules({ sshPort: 22, enginePort: 2376, ranges, openPorts: [] })

test('one permission for each port and range', () => {
  expect(permissionsOf(wanted).map(p => [p.IpProtocol, p.PortRange, p.SourceCidrIp])).toEqual([
    ['TCP', '22/22', '203.0.113.7/32'],
    ['TCP', '22/22', '10.0.0.0/8'],
    ['TCP', '2376/2376', '203.0.113.7/32'],
    ['TCP', '2376/2376', '10.0.0.0/8'],
  ])
  const v6 = wantedRules({ sshPort: 22, enginePort: 22, ranges: { v4: [], v6: ['2001:db8::/48'] }, openPorts: [] })
  expect(permissionsOf(v6)[0]).toMatchObject({ Ipv6SourceCidrIp: '2001:db8::/48', Policy: 'accept' })
})

const missing = (...have: object[]) =>
  missingRules(wanted, grantsOf(have)).flatMap(rule => rule.ranges.v4.map(range => `${rule.from} ${range}`))

test.each([
  ['nothing', [], ['22 203.0.113.7/32', '22 10.0.0.0/8', '2376 203.0.113.7/32', '2376 10.0.0.0/8']],
  ['everything', [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourceCidrIp: '0.0.0.0/0', Policy: 'Accept' }], []],
  ['all of TCP', [{ IpProtocol: 'TCP', PortRange: '1/65535', SourceCidrIp: '0.0.0.0/0' }], []],
  [
    'one address without its length',
    [{ IpProtocol: 'tcp', PortRange: '22/2376', SourceCidrIp: '203.0.113.7' }],
    ['22 10.0.0.0/8', '2376 10.0.0.0/8'],
  ],
  ['what is dropped', [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourceCidrIp: '0.0.0.0/0', Policy: 'Drop' }], 4],
  ['what goes out', [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourceCidrIp: '0.0.0.0/0', Direction: 'egress' }], 4],
  ['UDP', [{ IpProtocol: 'UDP', PortRange: '1/65535', SourceCidrIp: '0.0.0.0/0' }], 4],
  ['a group', [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourceGroupId: 'sg-1' }], 4],
  ['a prefix list', [{ IpProtocol: 'ALL', PortRange: '-1/-1', SourcePrefixListId: 'pl-1' }], []],
])('%s lets in', (_, have, left) => {
  if (typeof left === 'number') expect(missing(...have)).toHaveLength(left)
  else expect(missing(...have)).toEqual(left)
})
