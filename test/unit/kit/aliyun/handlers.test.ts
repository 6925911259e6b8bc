import { expect, test } from '@jest/globals'
import { contains, overlap, parseBlock, usable } from '../../../kit/aliyun/cidr.ts'
import { handlersOf } from '../../../kit/aliyun/handlers/index.ts'
import { makeKeys } from '../../../kit/aliyun/keys.ts'
import { fits, readTags } from '../../../kit/aliyun/lists.ts'
import { sameRule } from '../../../kit/aliyun/rules.ts'
import { SERVICES, type Service } from '../../../kit/aliyun/tables/index.ts'

test('every action of the tables is done by somebody', () => {
  const handlerOf = handlersOf(makeKeys(Date.now))
  for (const service of ['ecs', 'vpc', 'slb', 'sts'] as const satisfies Service[])
    for (const action of Object.keys(SERVICES[service].actions))
      expect(handlerOf(service, action)).toBeInstanceOf(Function)
  expect(() => handlerOf('ecs', 'toString')).toThrow(/does nothing for toString/)
})

test('blocks of addresses', () => {
  const block = (text: string) => parseBlock(text) as { first: number; bits: number }
  expect(parseBlock('10.0.0.1/24')).toBeUndefined()
  expect(parseBlock('10.0.0.0/33')).toBeUndefined()
  expect(parseBlock('256.0.0.0/8')).toBeUndefined()
  expect(contains(block('172.16.0.0/12'), block('172.31.240.0/20'))).toBe(true)
  expect(contains(block('172.16.0.0/12'), block('172.32.0.0/20'))).toBe(false)
  expect(overlap(block('10.0.0.0/16'), block('10.0.255.0/24'))).toBe(true)
  expect(overlap(block('10.0.0.0/24'), block('10.0.1.0/24'))).toBe(false)
  expect([...usable(block('192.168.1.248/29'))]).toEqual([
    '192.168.1.249',
    '192.168.1.250',
    '192.168.1.251',
    '192.168.1.252',
  ])
})

test('names with asterisks, tags that come twice, rules that are the same', () => {
  expect(fits('web*', 'web-1')).toBe(true)
  expect(fits('w.b', 'web')).toBe(false)
  expect(() =>
    readTags([
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ]),
  ).toThrow(/duplicate/)
  const rule = { IpProtocol: 'TCP', PortRange: '22/22', SourceCidrIp: '192.0.2.1', Policy: 'Accept', Priority: '1' }
  expect(sameRule(rule, { ...rule, SourceCidrIp: '192.0.2.1/32', Description: 'x' })).toBe(true)
  expect(sameRule(rule, { ...rule, Priority: '2' })).toBe(false)
})
