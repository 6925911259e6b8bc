import { expect, test } from '@jest/globals'
import { wishFor } from '../../../kit/virtualbox/seed.ts'
import { readYaml } from '../../../kit/virtualbox/yaml.ts'

test('YAML as people write network settings', () => {
  const text = `# settings
network:
  version: 2
  ethernets:
    nat0:
      match: {macaddress: "08:00:27:aa:bb:cc"}
      dhcp4: true
    private0:
      match:
        macaddress: '08:00:27:00:00:02'
      set-name: private0   # as we call it
      dhcp4: no
      addresses: [192.168.59.10/24, "192.168.59.11/24"]
      nameservers:
        addresses:
        - 1.1.1.1
        - 8.8.8.8
`
  expect(readYaml(text)).toEqual({
    network: {
      version: 2,
      ethernets: {
        nat0: { match: { macaddress: '08:00:27:aa:bb:cc' }, dhcp4: true },
        private0: {
          match: { macaddress: '08:00:27:00:00:02' },
          'set-name': 'private0',
          dhcp4: false,
          addresses: ['192.168.59.10/24', '192.168.59.11/24'],
          nameservers: { addresses: ['1.1.1.1', '8.8.8.8'] },
        },
      },
    },
  })
  expect(
    readYaml('config:\n  - type: physical\n    name: enp0s8\n    subnets:\n      - type: dhcp\n  - type: x\n'),
  ).toEqual({
    config: [{ type: 'physical', name: 'enp0s8', subnets: [{ type: 'dhcp' }] }, { type: 'x' }],
  })
  expect(() => readYaml('a: |\n  text\nb')).toThrow(/what is this/)
})

const nic = {
  kind: 'hostonly',
  type: 'virtio',
  mac: '080027000002',
  cable: true,
  promisc: 'deny',
  plugged: {},
  forwards: [],
  nat: {},
}
const seedWith = (networkConfig?: string) => ({
  userData: Buffer.from(''),
  metaData: Buffer.from(''),
  ...(networkConfig === undefined ? {} : { networkConfig: Buffer.from(networkConfig) }),
})

test('without settings cloud-init asks DHCP on the first card only', () => {
  for (const seed of [undefined, seedWith(), seedWith('')]) {
    expect(wishFor(seed, nic, 'enp0s3', true)).toEqual({ dhcp: true, addresses: [] })
    expect(wishFor(seed, nic, 'enp0s8', false)).toEqual({ dhcp: false, addresses: [] })
  }
})

test.each([
  ['{"version":2,"ethernets":{"a":{"match":{"macaddress":"08:00:27:00:00:02"},"dhcp4":true}}}', true, []],
  ['{"version":2,"ethernets":{"enp0s8":{"addresses":["10.1.0.5/24"]}}}', false, ['10.1.0.5/24']],
  ['{"version":2,"ethernets":{"all":{"match":{"name":"enp*"},"dhcp4":true}}}', true, []],
  ['{"version":2,"ethernets":{"eth1":{"dhcp4":true}}}', false, []],
  [
    '{"version":1,"config":[{"type":"physical","name":"x","mac_address":"08:00:27:00:00:02","subnets":[{"type":"static","address":"10.1.0.6/24"}]}]}',
    false,
    ['10.1.0.6/24'],
  ],
])('%s', (config, dhcp, addresses) => {
  expect(wishFor(seedWith(config), nic, 'enp0s8', false)).toEqual({ dhcp, addresses })
})

test('settings of no version are no settings', () => {
  expect(() => wishFor(seedWith('{"ethernets":{}}'), nic, 'enp0s8', false)).toThrow(/no version/)
})
