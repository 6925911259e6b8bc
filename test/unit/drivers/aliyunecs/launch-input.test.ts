import { expect, test } from '@jest/globals'
import { launchInput } from '../../../../drivers/aliyunecs/launch-input.ts'
import { readSettings } from '../../../../drivers/aliyunecs/settings.ts'
import { configOf } from './config.ts'

const candidate = {
  type: { name: 'ecs.g7.large', cpu: 'x86_64' },
  image: { id: 'ubuntu_24_04', cpu: 'x86_64', sizeGb: 20 },
  place: { zone: 'cn-hangzhou-b', vSwitchId: 'vsw-1' },
} as const

function input(typed: Record<string, unknown> = {}, more: object = {}) {
  return launchInput(readSettings(configOf(typed)), {
    token: 'T',
    candidate,
    vSwitchId: 'vsw-1',
    groupId: 'sg-1',
    keyName: 'k',
    userData: undefined,
    name: 'web',
    storeId: '0a1b2c3d',
    ...more,
  })
}

test('what nobody says', () => {
  expect(input()).toEqual({
    Amount: 1,
    ClientToken: 'T',
    InstanceName: 'web',
    ImageId: 'ubuntu_24_04',
    InstanceType: 'ecs.g7.large',
    SecurityGroupId: 'sg-1',
    VSwitchId: 'vsw-1',
    KeyPairName: 'k',
    InternetChargeType: 'PayByTraffic',
    InternetMaxBandwidthOut: 1,
    HttpTokens: 'required',
    SystemDisk: { Size: 40 },
    Tag: [
      { Key: 'machine:name', Value: 'web' },
      { Key: 'machine:store', Value: '0a1b2c3d' },
      { Key: 'machine:launch', Value: 'T' },
    ],
  })
})

test.each([
  [{ description: 'for tests' }, { Description: 'for tests' }],
  [{ 'io-optimized': 'optimized' }, { IoOptimized: 'optimized' }],
  [{ 'ram-role': 'r' }, { RamRoleName: 'r' }],
  [{ 'resource-group-id': 'rg-1' }, { ResourceGroupId: 'rg-1' }],
  [{ 'private-ip': '10.0.0.9', 'vswitch-id': 'vsw-1' }, { PrivateIpAddress: '10.0.0.9' }],
  [
    { 'internet-max-bandwidth': 50, 'internet-charge-type': 'PayByBandwidth' },
    { InternetMaxBandwidthOut: 50, InternetChargeType: 'PayByBandwidth' },
  ],
  [{ 'metadata-token': 'optional' }, { HttpTokens: 'optional' }],
  [{ 'http-endpoint': 'disabled' }, { HttpEndpoint: 'disabled' }],
  [{ 'security-hardening': true }, { SecurityEnhancementStrategy: 'Active' }],
  [{ 'ssh-user': 'ecs-user' }, { ImageOptions: { LoginAsNonRoot: true } }],
  [{ spot: true }, { SpotStrategy: 'SpotAsPriceGo', SpotInterruptionBehavior: 'Terminate' }],
  [
    { spot: true, 'spot-price-limit': '0.25', 'spot-duration': 0, 'spot-interruption': 'stop' },
    { SpotStrategy: 'SpotWithPriceLimit', SpotPriceLimit: '0.25', SpotDuration: 0, SpotInterruptionBehavior: 'Stop' },
  ],
  [
    {
      'system-disk-size': 80,
      'system-disk-category': 'cloud_essd',
      'system-disk-performance-level': 'PL0',
      'disk-encrypted': true,
    },
    { SystemDisk: { Size: 80, Category: 'cloud_essd', PerformanceLevel: 'PL0', Encrypted: true } },
  ],
  [
    { 'disk-size': 100, 'disk-category': 'cloud_auto' },
    {
      DataDisk: [
        {
          DiskName: 'web_data',
          Description: 'Data volume for Docker',
          Size: 100,
          Category: 'cloud_auto',
          DeleteWithInstance: true,
        },
      ],
    },
  ],
])('%j', (typed, expected) => {
  expect(input(typed)).toMatchObject(expected)
})

test.each(['eip', 'private-address-only'])('--aliyunecs-%s: no public address of its own', flag => {
  const made = input({ [flag]: true })
  expect(made).not.toHaveProperty('InternetMaxBandwidthOut')
  expect(made).not.toHaveProperty('InternetChargeType')
})

test('a name of one letter is lengthened, a person’s tags come first', () => {
  const made = input({ tag: ['a=b'] }, { name: 'x' })
  expect(made.InstanceName).toBe('m-x')
  expect(made.Tag?.[0]).toEqual({ Key: 'a', Value: 'b' })
})
