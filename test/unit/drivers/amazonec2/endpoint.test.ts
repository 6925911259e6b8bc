import { describe, expect, test } from '@jest/globals'
import { checkRegion, endpointOf, partitionOf } from '../../../../drivers/amazonec2/endpoint.ts'
import { pauseMs } from '../../../../drivers/amazonec2/retry.ts'

test.each([
  ['us-east-1', 'aws'],
  ['mx-central-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
])('%s is a region of %s', (region, partition) => {
  expect(() => checkRegion(region, false)).not.toThrow()
  expect(partitionOf(region)).toBe(partition)
})

test.each(['', 'us-east', 'useast1', 'US-EAST-1', 'us_east_1', 'custom-endpoint', 'us-east-1; rm'])(
  '%j is none',
  region => expect(() => checkRegion(region, false)).toThrow(`"${region}" is no AWS region`),
)

test('a zone in its place is told from it', () => {
  const check = () => checkRegion('eu-west-1c', false)
  expect(check).toThrow(
    expect.objectContaining({
      suggestions: ['it is a zone: give --amazonec2-region eu-west-1 and --amazonec2-zone c'],
    }),
  )
})

test('behind an endpoint of one’s own any word is a region', () => {
  expect(() => checkRegion('custom-endpoint', true)).not.toThrow()
  expect(() => checkRegion('../x', true)).toThrow()
})

describe('the endpoint', () => {
  test.each([
    [undefined, false, undefined],
    ['https://ec2.example', false, 'https://ec2.example'],
    ['https://ec2.example/path/', false, 'https://ec2.example/path'],
    ['ec2.example:8443', false, 'https://ec2.example:8443'],
    ['ec2.example', true, 'http://ec2.example'],
    ['http://127.0.0.1:5000', false, 'http://127.0.0.1:5000'],
    ['https://ec2.example', true, 'https://ec2.example'],
  ])('%s (insecure: %s) is %s', (given, insecure, url) => expect(endpointOf(given, insecure)).toBe(url))
  test('is needed for http', () =>
    expect(() => endpointOf(undefined, true)).toThrow(
      'using --amazonec2-insecure-transport also requires --amazonec2-endpoint',
    ))
  test.each(['ftp://x', 'https://x/?a=b', 'https://', 'a b'])('is not %j', given =>
    expect(() => endpointOf(given, false)).toThrow('is no URL of an API'),
  )
  test('holds no password, and none is repeated', () => {
    expect(() => endpointOf('https://me:CANARY@x', false)).toThrow('holds a password')
    expect(() => endpointOf('ftp://me:CANARY@x', false)).toThrow('--amazonec2-endpoint "ftp://x" is no URL of an API')
  })
})

test('pauses double, are spread, and end', () => {
  const longest = [0, 1, 2, 3, 4, 9].map(tried => pauseMs('throttled', tried, () => 1))
  expect(longest).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000])
  expect(pauseMs('network', 2, () => 0.5)).toBe(500)
})
