import { expect, test } from '@jest/globals'
import { DEFAULT_TYPES, readSettings } from '../../../../drivers/aliyunecs/settings.ts'
import { configOf } from './config.ts'

const settle = (typed: Record<string, unknown> = {}, env: Record<string, string> = {}) =>
  readSettings(configOf(typed, env))

test('what nobody says', () => {
  expect(settle()).toMatchObject({
    image: { family: 'ubuntu-24.04' },
    types: DEFAULT_TYPES,
    anyType: true,
    zones: [],
    group: 'docker-machine',
    systemDisk: { sizeGb: 40, category: undefined, level: undefined },
    dataDisk: { sizeGb: 0, fs: 'ext4' },
    ssh: { port: 22, user: 'root' },
    bandwidth: 1,
    chargeType: 'PayByTraffic',
    privateOnly: false,
    eip: false,
    stopCharging: false,
    metadata: { tokens: 'required', endpoint: undefined },
    ioOptimized: undefined,
    spot: undefined,
    access: { region: undefined, endpoint: undefined, profile: undefined, retries: 8 },
  })
})

test('several types and zones, in their order', () => {
  expect(settle({ 'instance-type': 'ecs.g7.large, ecs.c7.large,ecs.g7.large', zone: 'cn-x-b,cn-x-a' })).toMatchObject({
    types: ['ecs.g7.large', 'ecs.c7.large'],
    anyType: false,
    zones: ['cn-x-b', 'cn-x-a'],
  })
})

test.each([
  ['optimized', 'optimized'],
  ['TRUE', 'optimized'],
  ['none', 'none'],
  ['false', 'none'],
])('--aliyunecs-io-optimized %s, as the old driver read it', (word, meaning) => {
  expect(settle({ 'io-optimized': word }).ioOptimized).toBe(meaning)
})

test('tags are trimmed, and may hold an equals sign', () => {
  expect(settle({ tag: [' team = core ', 'q=a=b'] }).tags).toEqual({ team: 'core', q: 'a=b' })
  expect(settle({}, { ECS_TAGS: 'a=1,b=2' }).tags).toEqual({ a: '1', b: '2' })
})

test('a level makes an ESSD of a disk', () => {
  expect(settle({ 'disk-size': 40, 'disk-performance-level': 'PL2' }).dataDisk).toMatchObject({
    category: 'cloud_essd',
    level: 'PL2',
  })
  expect(() => settle({ 'system-disk-category': 'cloud_auto', 'system-disk-performance-level': 'PL1' })).toThrow(
    'disks of the kind cloud_auto have no performance level',
  )
})

test.each([
  [{ 'ssh-keypair': 'k' }, 'using --aliyunecs-ssh-keypair also requires --aliyunecs-ssh-keypath'],
  [{ 'image-id': 'm-1', image: 'debian-12' }, '--aliyunecs-image-id and --aliyunecs-image both say what to boot'],
  [{ 'internet-max-bandwidth': 101 }, 'the value should be in 1 ~ 100'],
  [{ 'internet-max-bandwidth': -1 }, 'the value should be in 1 ~ 100'],
  [{ eip: true, 'private-address-only': true }, '--aliyunecs-eip is a public address'],
  [{ 'route-cidr': '172.17.0.0' }, 'Invalid CIDR value for --aliyunecs-route-cidr'],
  [{ 'route-cidr': '172.17/16' }, 'Invalid CIDR value for --aliyunecs-route-cidr'],
  [{ 'private-ip': '10.0.0.7' }, 'also requires --aliyunecs-vswitch-id'],
  [{ 'private-ip': 'here', 'vswitch-id': 'vsw-1' }, '--aliyunecs-private-ip is no IPv4 address'],
  [{ 'disk-size': 4 }, '--aliyunecs-disk-size goes from'],
  [{ 'system-disk-size': 10 }, '--aliyunecs-system-disk-size goes from 20 to 2048 GB'],
  [{ 'disk-category': 'ssd' }, 'are words like cloud_essd'],
  [{ 'spot-price-limit': '0.5' }, '--aliyunecs-spot-price-limit is for spot instances'],
  [{ spot: true, 'spot-price-limit': '0.12345' }, 'three digits behind the point at most'],
  [{ 'ssh-port': 70_000 }, '--aliyunecs-ssh-port is no port'],
  [{ description: 'http://x' }, '--aliyunecs-description has 2 to 256 characters'],
  [{ tag: ['novalue'] }, '--aliyunecs-tag "novalue" is not KEY=VALUE'],
  [{ tag: ['acs:x=1'] }, 'Alibaba Cloud keeps such keys for itself'],
  [{ tag: ['machine:store=1'] }, "machine: is this program's own"],
  [{ 'open-port': ['http'] }, '--aliyunecs-open-port "http" is no port'],
  [{ 'allow-cidr': ['10.0.0.5/0'] }, '--aliyunecs-allow-cidr 10.0.0.5/0 would let everybody in'],
])('%j', (typed, text) => {
  if (text === undefined) expect(() => settle(typed)).not.toThrow()
  else expect(() => settle(typed)).toThrow(text)
})

test('0 Mbit/s is 1, as it always was', () => {
  expect(settle({ 'internet-max-bandwidth': 0 }).bandwidth).toBe(1)
})
