import { expect, test } from '@jest/globals'
import { readParameters } from '../../../kit/aliyun/parameters.ts'
import { SERVICES, type Service } from '../../../kit/aliyun/tables/index.ts'

function read(action: string, form: Record<string, string>, service: Service = 'ecs') {
  const table = SERVICES[service].actions[action]
  if (!table) throw new Error(`no table of ${action}`)
  return readParameters(table.parameters, Object.entries(form))
}

/** 'OK' or the code of the refusal. */
function code(action: string, form: Record<string, string>, service: Service = 'ecs'): string {
  try {
    read(action, form, service)
    return 'OK'
  } catch (error) {
    return (error as { code: string }).code
  }
}

const R = { RegionId: 'cn-hangzhou' }
const RUN = { ...R, InstanceType: 'ecs.g5.large' }

test('every action cites the page its parameters come from', () => {
  const pages = Object.values(SERVICES).flatMap(({ version, actions }) =>
    Object.entries(actions).map(([action, { page }]) => [page, `/${version}/${action}`] as const),
  )
  expect(pages.length).toBeGreaterThan(90)
  for (const [page, end] of pages) {
    expect(page).toMatch(/^https:\/\/api\.aliyun\.com\/document\/(Ecs|Vpc|Slb|Sts)\//)
    expect(page.endsWith(end)).toBe(true)
  }
})

test('reads nested names, lists and kinds', () => {
  const parameters = read('RunInstances', {
    ...RUN,
    Action: 'RunInstances',
    SignatureNonce: 'x',
    Amount: '2',
    DeletionProtection: 'true',
    'SystemDisk.Size': '40',
    'DataDisk.1.Size': '20',
    'DataDisk.2.Size': '30',
    'Tag.1.Key': 'a',
    'Tag.1.Value': '',
    SpotPriceLimit: '0.250',
    Description: '',
  })
  expect(parameters).toEqual({
    ...RUN,
    Amount: 2,
    DeletionProtection: true,
    SystemDisk: { Size: 40 },
    DataDisk: [{ Size: 20 }, { Size: 30 }],
    Tag: [{ Key: 'a', Value: '' }],
    SpotPriceLimit: 0.25,
    Description: '',
  })
})

test('refuses names the action does not have', () => {
  for (const name of ['Foo', 'instanceType', 'SystemDisk', 'SystemDisk.Foo', 'DataDisk.1.Foo', 'InstanceType.1', 'Tag'])
    expect([name, code('RunInstances', { ...RUN, [name]: '1' })]).toEqual([name, 'UnsupportedParameter'])
  expect(code('StartInstance', { InstanceId: 'i-bp1abcdef', StoppedMode: 'KeepCharging' })).toBe('UnsupportedParameter')
  // What the gateway reads, and what SDKs add everywhere, is no fault.
  expect(code('StartInstance', { InstanceId: 'i-bp1abcdef', ...R, OwnerId: '1', SignatureType: '' })).toBe('OK')
})

test('refuses what somebody forgot to make a text of', () => {
  for (const value of ['undefined', 'null', 'NaN', '[object Object]', '[object Array]', 'a [object Object]'])
    for (const name of ['Description', 'SystemDisk.Size', 'Tag.1.Key'])
      expect([value, code('RunInstances', { ...RUN, [name]: value })]).toEqual([value, 'UnsupportedParameter'])
})

test('refuses what is missing', () => {
  expect(code('RunInstances', { InstanceType: 'ecs.g5.large' })).toBe('MissingParameter')
  expect(code('StartInstance', { InstanceId: '' })).toBe('MissingParameter')
  expect(code('ImportKeyPair', { ...R, KeyPairName: 'k1' })).toBe('MissingParameter')
  expect(code('TagResources', { ...R, ResourceType: 'instance', 'ResourceId.1': 'i-1', 'Tag.1.Value': 'x' })).toBe(
    'MissingParameter',
  )
})

test('refuses wrong kinds, ranges and choices', () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ['Amount', '0', 'InvalidParameter'],
    ['Amount', '101', 'InvalidParameter'],
    ['Amount', 'two', 'InvalidParameter'],
    ['DryRun', 'yes', 'InvalidParameter'],
    ['InternetMaxBandwidthOut', '101', 'InvalidParameter'],
    ['InternetMaxBandwidthOut', '-1', 'InvalidParameter'],
    ['InternetChargeType', 'paybytraffic', 'InvalidInternetChargeType.ValueNotSupported'],
    ['SpotPriceLimit', '0.1234', 'InvalidSpotPriceLimit'],
    ['SpotStrategy', 'Spot', 'InvalidSpotStrategy'],
    ['IoOptimized', 'true', 'InvalidIoOptimizedValue.ValueNotSupported'],
    ['HttpTokens', 'yes', 'InvalidHttpTokens.NotSupported'],
    ['SystemDisk.Category', 'ssd', 'InvalidSystemDiskCategory.ValueNotSupported'],
    ['SystemDisk.Size', '4096', 'InvalidParameter'],
    ['DataDisk.2.Size', '40', 'InvalidParameter'],
    ['DataDisk.1.Size', '1', 'InvalidParameter'],
    ['SecurityGroupId', 'default', 'InvalidParameter'],
    ['VSwitchId', 'subnet-1', 'InvalidParameter'],
    ['PrivateIpAddress', '10.0.0.256', 'InvalidPrivateIpAddress.Malformed'],
    ['InstanceName', 'x', 'InvalidInstanceName.Malformed'],
    ['HostName', '-web', 'InvalidHostName.Malformed'],
    ['HostName', 'a..b', 'InvalidHostName.Malformed'],
    ['Description', 'http://x', 'InvalidDescription.Malformed'],
    ['Password', 'short1A', 'InvalidPassword.Malformed'],
    ['Password', 'alllowercase1', 'InvalidPassword.Malformed'],
    ['UserData', '#cloud-config', 'InvalidUserData.Base64FormatInvalid'],
    ['ClientToken', 'x'.repeat(65), 'InvalidParameter.ClientToken'],
    ['Tag.1.Key', 'acs:x', 'InvalidTagKey.Malformed'],
    ['Tag.1.Key', 'aliyun', 'InvalidTagKey.Malformed'],
  ]
  for (const [name, value, problem] of bad)
    expect([name, value, code('RunInstances', { ...RUN, [name]: value })]).toEqual([name, value, problem])
  for (const [name, value] of [
    ['Password', 'Alllower1'],
    ['Password', 'abc_123!x'],
    ['HostName', 'coda-demo.example'],
    ['InstanceName', '生产-1'],
    ['Description', 'ab'],
  ] as const)
    expect([value, code('RunInstances', { ...RUN, [name]: value })]).toEqual([value, 'OK'])
})

test('refuses lists in JSON that are none', () => {
  const ids = (value: string) => code('DescribeInstances', { ...R, InstanceIds: value })
  expect(ids('["i-bp1abcdef"]')).toBe('OK')
  for (const bad of [
    'i-bp1abcdef',
    '[]',
    '[1]',
    '{"a":"b"}',
    '["web"]',
    '[',
    JSON.stringify(Array(101).fill('i-bp1abcdef')),
  ])
    expect([bad.slice(0, 20), ids(bad)]).toEqual([bad.slice(0, 20), 'InvalidParameter'])
  expect(code('DeleteKeyPairs', { ...R, KeyPairNames: 'web' })).toBe('InvalidKeyPairNames.ValueNotSupported')
})

test('refuses rules, names and routes of the wrong form', () => {
  const rule = (over: Record<string, string>) =>
    code('AuthorizeSecurityGroup', {
      ...R,
      SecurityGroupId: 'sg-bp1abcdef',
      'Permissions.1.IpProtocol': 'TCP',
      'Permissions.1.PortRange': '22/22',
      'Permissions.1.SourceCidrIp': '0.0.0.0/0',
      ...over,
    })
  expect(rule({})).toBe('OK')
  expect(rule({ 'Permissions.1.IpProtocol': 'sctp' })).toBe('InvalidIpProtocol.ValueNotSupported')
  expect(rule({ 'Permissions.1.PortRange': '22' })).toBe('InvalidParam.PortRange')
  expect(rule({ 'Permissions.1.SourceCidrIp': 'any' })).toBe('InvalidParam.SourceIp')
  expect(rule({ 'Permissions.1.Priority': '0' })).toBe('InvalidPriority.ValueNotSupported')
  expect(rule({ 'Permissions.3.IpProtocol': 'TCP' })).toBe('InvalidParameter')
  expect(code('ImportKeyPair', { ...R, KeyPairName: '1st', PublicKeyBody: 'x' })).toBe('InvalidKeyPairName.Malformed')
  expect(code('CreateVpc', { ...R, CidrBlock: '10.0.0.0' }, 'vpc')).toBe('InvalidCidrBlock.Malformed')
  expect(code('AllocateEipAddress', { ...R, Bandwidth: '501' }, 'vpc')).toBe('InvalidParameter')
  expect(code('DescribeVpcs', { ...R, PageSize: '51' }, 'vpc')).toBe('InvalidParameter')
})
