import { expect, test } from '@jest/globals'
import { checkRegion, endpointOf, isChina, readEndpoint } from '../../../../drivers/aliyunecs/endpoint.ts'

test.each([
  'cn-qingdao',
  'cn-hangzhou',
  'cn-zhangjiakou',
  'ap-southeast-1',
  'us-east-1',
  'eu-central-1',
  'me-east-1',
  'cn-shanghai-finance-1',
  'cn-north-2-gov-1',
  'cn-hongkong',
  'na-south-1',
  'cn-wuhan-lr',
])('%s is a region', region => expect(() => checkRegion(region, false)).not.toThrow())

test.each([
  ['hangzhou', 'regions are called as cn-hangzhou'],
  ['cn-hangzhou-g', 'give --aliyunecs-region cn-hangzhou and --aliyunecs-zone cn-hangzhou-g'],
  ['ap-southeast-1a', 'give --aliyunecs-region ap-southeast-1 and --aliyunecs-zone ap-southeast-1a'],
  ['CN-BEIJING', 'regions are called as'],
])('%s is none', (region, hint) => {
  try {
    checkRegion(region, false)
    throw new Error('it was taken')
  } catch (error) {
    expect((error as { suggestions: string[] }).suggestions?.join()).toContain(hint)
  }
})

test('behind an endpoint of one’s own any word is one', () => {
  expect(() => checkRegion('apsara-stack', true)).not.toThrow()
})

test.each([
  ['ecs', 'cn-qingdao', 'https://ecs.cn-qingdao.aliyuncs.com'],
  ['ecs', 'cn-hangzhou', 'https://ecs-cn-hangzhou.aliyuncs.com'],
  ['vpc', 'cn-hangzhou', 'https://vpc.aliyuncs.com'],
  ['vpc', 'ap-southeast-1', 'https://vpc.ap-southeast-1.aliyuncs.com'],
  ['ecs', 'cn-north-2-gov-1', 'https://ecs.aliyuncs.com'],
  ['sts', 'cn-beijing', 'https://sts.cn-beijing.aliyuncs.com'],
] as const)('%s in %s', (product, region, url) => {
  expect(endpointOf(product, region, undefined, {})).toBe(url)
})

test('what was named goes first, each product for itself', () => {
  const env = { ECS_ENDPOINT: 'http://a:1/', VPC_ENDPOINT: 'b.example', MACHINE_ALIYUNECS_VPC_ENDPOINT: 'http://c:2' }
  expect(endpointOf('ecs', 'cn-beijing', 'ecs.inner.example', env)).toBe('https://ecs.inner.example')
  expect(endpointOf('ecs', 'cn-beijing', undefined, env)).toBe('http://a:1')
  expect(endpointOf('vpc', 'cn-beijing', 'ecs.inner.example', env)).toBe('http://c:2')
  expect(endpointOf('slb', 'cn-beijing', 'ecs.inner.example', env)).toBe('https://slb.cn-beijing.aliyuncs.com')
})

test('an endpoint holds no password, and is a URL', () => {
  expect(() => readEndpoint('https://u:CANARY@x', '--f')).toThrow('--f holds a password')
  expect(() => readEndpoint('ftp://u:CANARY@x', '--f')).toThrow('--f "ftp://x" is no URL of an API')
})

test('the mainland', () => {
  expect(['cn-qingdao', 'cn-hongkong', 'ap-southeast-1'].map(isChina)).toEqual([true, false, false])
})
