import { expect, test } from '@jest/globals'
import { readSettings } from '../../../../drivers/amazonec2/settings.ts'
import { configOf } from './config.ts'

const settings = (typed: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings(configOf(typed, env))

test('of nothing', () => {
  expect(settings()).toEqual({
    access: { region: undefined, endpoint: undefined, insecureTransport: false, profile: undefined, retries: 5 },
    image: undefined,
    types: undefined,
    zones: [],
    vpcId: undefined,
    subnetId: undefined,
    groups: undefined,
    groupsReadonly: false,
    allow: [],
    checkUrl: undefined,
    openPorts: [],
    tags: {},
    root: {
      device: undefined,
      sizeGb: undefined,
      type: 'gp3',
      iops: undefined,
      throughput: undefined,
      encrypted: true,
      kmsKey: undefined,
    },
    rootTyped: false,
    mappings: [],
    iamProfile: undefined,
    ssh: { port: 22, user: undefined },
    key: { path: undefined, pair: undefined },
    spot: undefined,
    privateOnly: false,
    usePrivate: false,
    ipv6: { count: 0, only: false, primary: false },
    monitoring: undefined,
    ebsOptimised: undefined,
    credits: undefined,
    protect: false,
    placement: { group: undefined, tenancy: undefined },
    metadata: { tokens: undefined, hopLimit: undefined, endpoint: undefined, ipv6: undefined },
    template: undefined,
    userDataFile: undefined,
  })
})

test('lists within one word, and forks’ names', () => {
  expect(
    settings({
      'instance-type': 't3.micro, t3a.micro,t3.micro',
      zone: 'a,us-east-1c',
      'security-group': ['web', 'sg-1'],
      'open-port': ['80', '8000-8010/udp'],
      'http-tokens': 'optional',
      'encrypt-ebs-volume': true,
      'kms-key': 'alias/disks',
      'ipv6-only': true,
    }),
  ).toMatchObject({
    types: ['t3.micro', 't3a.micro'],
    zones: ['a', 'us-east-1c'],
    groups: ['web', 'sg-1'],
    openPorts: [
      { protocol: 'tcp', from: 80, to: 80 },
      { protocol: 'udp', from: 8000, to: 8010 },
    ],
    metadata: { tokens: 'optional' },
    root: { encrypted: true, kmsKey: 'alias/disks' },
    ipv6: { count: 1, only: true },
  })
})

test('variables count as flags do', () => {
  const env = {
    AWS_DEFAULT_REGION: 'cn-north-1',
    AWS_ZONE: 'b',
    AWS_INSTANCE_TYPE: 't3.small',
    AWS_SECURITY_GROUP: 'a,b',
    AWS_ROOT_SIZE: '32',
    AWS_TAGS: 'k,v',
  }
  expect(settings({}, env)).toMatchObject({
    access: { region: 'cn-north-1' },
    zones: ['b'],
    types: ['t3.small'],
    groups: ['a', 'b'],
    root: { sizeGb: 32 },
    rootTyped: true,
    tags: { k: 'v' },
  })
  expect(settings({}, { AWS_REGION: 'eu-west-1' }).access.region).toBe('eu-west-1')
  expect(settings({ region: 'us-west-2' }, { AWS_REGION: 'eu-west-1' }).access.region).toBe('us-west-2')
})

test('spot: without a price the one on demand is the most', () => {
  expect(settings({ 'spot-price': '0.1' }).spot).toBeUndefined()
  expect(settings({ 'request-spot-instance': true }).spot).toEqual({ maxPrice: undefined, interruption: 'terminate' })
  const spot = { 'request-spot-instance': true, 'spot-price': '0.1', 'spot-interruption': 'stop' }
  expect(settings(spot).spot).toEqual({ maxPrice: '0.1', interruption: 'stop' })
})

test.each([
  ['web', { name: 'web', version: '$Default' }],
  ['web:7', { name: 'web', version: '7' }],
  ['lt-0abc:$Latest', { name: 'lt-0abc', version: '$Latest' }],
])('launch template %s', (text, expected) => expect(settings({ 'launch-template': text }).template).toEqual(expected))

test.each<[Record<string, unknown>, string]>([
  [{ 'keypair-name': 'mine' }, 'using --amazonec2-keypair-name also requires --amazonec2-ssh-keypath'],
  [{ 'insecure-transport': true }, 'using --amazonec2-insecure-transport also requires --amazonec2-endpoint'],
  [{ ami: 'ami-1', image: 'debian-13' }, 'both say what to boot'],
  [{ 'volume-iops': '100', 'volume-type': 'gp2' }, '--amazonec2-volume-iops is for volumes of type gp3, io1 and io2'],
  [{ 'volume-type': 'io2' }, 'volumes of type io1 and io2 need --amazonec2-volume-iops'],
  [{ 'volume-throughput': '200', 'volume-type': 'gp2' }, 'is for volumes of type gp3'],
  [{ 'volume-encrypted': false, 'volume-kms-key': 'k' }, '--amazonec2-volume-encrypted=false says not to'],
  [{ 'spot-interruption': 'stop' }, '--amazonec2-spot-interruption is for spot instances'],
  [{ 'request-spot-instance': true, 'spot-price': 'cheap' }, '--amazonec2-spot-price is no price'],
  [{ 'request-spot-instance': true, tenancy: 'host' }, 'cannot run on a dedicated host'],
  [{ 'request-spot-instance': true, 'termination-protection': true }, 'cannot have --amazonec2-termination-protection'],
  [{ 'ipv6-address-only': true, 'use-private-address': true }, 'has no private IPv4 address'],
  [{ ipv6: true, 'ipv6-address-count': '0' }, 'is no IPv6 address'],
  [{ 'root-size': '0' }, '--amazonec2-root-size must be at least 1 GB'],
  [{ 'ssh-port': '70000' }, '--amazonec2-ssh-port is no port'],
  [{ 'metadata-token-response-hop-limit': '0' }, 'goes from 1 to 64'],
  [{ retries: '-2' }, '--amazonec2-retries is -1 (never) or a number of times'],
  [{ 'open-port': ['http'] }, '--amazonec2-open-port "http" is no port'],
  [{ 'open-port': ['90-80'] }, '--amazonec2-open-port "90-80" is no port'],
  [{ 'open-port': ['70000'] }, 'is no port'],
  [{ tags: 'a,b,c' }, '--amazonec2-tags "a,b,c" is not in pairs: 3 words'],
  [{ tags: 'aws:x,y' }, 'AWS keeps such keys for itself'],
  [{ tags: 'machine:store=deadbeef' }, "machine: is this program's own"],
  [{ image: 'gentoo' }, 'cannot be "gentoo"'],
  [{ 'block-device-mapping': ['/dev/sdf'] }, 'is not KEY=VALUE'],
])('%j cannot be', (typed, text) => expect(() => settings(typed)).toThrow(text))
