import { expect, test } from '@jest/globals'
import { sign, stringToSign } from '../../../kit/aliyun/signature.ts'

const RPC = { SignatureMethod: 'HMAC-SHA1', SignatureVersion: '1.0' }

/** Published by Alibaba: pages of the RPC signature (ECS, in two spellings of Timestamp; dedicated hosts) and of SMS. */
const PUBLISHED: readonly (readonly [string, string, Readonly<Record<string, string>>, string])[] = [
  [
    'DescribeRegions',
    'testsecret',
    {
      ...RPC,
      Timestamp: '2016-02-23T12:46:24Z',
      Format: 'XML',
      AccessKeyId: 'testid',
      Action: 'DescribeRegions',
      SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      Version: '2014-05-26',
    },
    'OLeaidS1JvxuMvnyHOwuJ+uX5qY=',
  ],
  [
    'TimeStamp, as older pages spell it',
    'testsecret',
    {
      ...RPC,
      TimeStamp: '2016-02-23T12:46:24Z',
      Format: 'XML',
      AccessKeyId: 'testid',
      Action: 'DescribeRegions',
      SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      Version: '2014-05-26',
    },
    'CT9X0VtwR86fNWSnsc6v8YGOjuE=',
  ],
  [
    'DescribeDedicatedHosts',
    'testsecret',
    {
      ...RPC,
      AccessKeyId: 'testid',
      Action: 'DescribeDedicatedHosts',
      Format: 'JSON',
      RegionId: 'cn-beijing',
      SignatureNonce: 'edb2b34af0af9a6d14deaf7c1a5315eb',
      Timestamp: '2023-03-13T08:34:30Z',
      Version: '2014-05-26',
    },
    '9NaGiOspFP5UPcwX8Iwt2YJXXuk=',
  ],
  [
    'Chinese, JSON and quotes',
    'testSecret',
    {
      ...RPC,
      AccessKeyId: 'testId',
      Action: 'SendSms',
      Format: 'XML',
      OutId: '123',
      PhoneNumbers: '15300000001',
      RegionId: 'cn-hangzhou',
      SignName: '阿里云短信测试专用',
      SignatureNonce: '45e25e9b-0a6f-4070-8c85-2956eda1b466',
      TemplateCode: 'SMS_71390007',
      TemplateParam: '{"customer":"test"}',
      Timestamp: '2017-07-12T02:42:19Z',
      Version: '2017-05-25',
    },
    'zJDF+Lrzhj/ThnlvIToysFRq6t4=',
  ],
]

for (const [title, secret, parameters, signature] of PUBLISHED)
  test(`signs as published: ${title}`, () => {
    expect(sign('GET', Object.entries(parameters), secret)).toBe(signature)
    // The order in which they come says nothing, and a signature is no part of itself.
    const shuffled = [...Object.entries(parameters).reverse(), ['Signature', 'x'] as const]
    expect(sign('GET', shuffled, secret)).toBe(signature)
    expect(sign('POST', Object.entries(parameters), secret)).not.toBe(signature)
  })

test('signs the method too', () => {
  const [[, secret, parameters] = ['', '', {}]] = PUBLISHED
  expect(sign('POST', Object.entries(parameters), secret)).toBe('MxbnVAM4w6sft9xjVpe/GCKueuk=')
})

test('escapes what encodeURIComponent leaves, and escapes the whole once more', () => {
  expect(stringToSign('GET', [['A', "!'()* ~é"]])).toBe('GET&%2F&A%3D%2521%2527%2528%2529%252A%2520~%25C3%25A9')
})
