/** The stand-in Alibaba Cloud: who may ask, what it refuses before it reads on, and what tests can do to a request. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { signedForm } from '../kit/aliyun/client.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { codeOf, findPlace } from '../kit/aliyun/first-steps.ts'

let cloud: AliyunCloud
beforeAll(async () => {
  cloud = await startAliyun()
})
afterAll(() => cloud[Symbol.asyncDispose]())

const R = { RegionId: 'cn-hangzhou' }
const regions = (options: Parameters<AliyunCloud['ask']>[2] = {}) =>
  codeOf(cloud.ask('DescribeRegions', {}, { counted: true, ...options }))

test('takes GET and POST, and answers in the shapes of the API', async () => {
  for (const method of ['GET', 'POST'] as const) {
    const answer = await cloud.ask<{ Regions: { Region: { RegionId: string }[] }; RequestId: string }>(
      'DescribeRegions',
      {},
      { counted: true, method },
    )
    expect(answer.RequestId).toMatch(/^[0-9A-F-]{36}$/)
    expect(answer.Regions.Region.map(({ RegionId }) => RegionId)).toContain('cn-qingdao')
    expect(cloud.calls.at(-1)).toMatchObject({
      method,
      service: 'ecs',
      action: 'DescribeRegions',
      code: 'OK',
      status: 200,
    })
  }
  const body = signedForm('DescribeInstances', {}, { key: cloud.keys.canary, url: cloud.url })
  const refused = await fetch(cloud.url, { method: 'POST', body })
  expect([refused.status, refused.headers.get('content-type')]).toEqual([400, 'application/json;charset=utf-8'])
  const error = (await refused.json()) as Record<string, string>
  expect(Object.keys(error).sort()).toEqual(['Code', 'HostId', 'Message', 'Recommend', 'RequestId'])
  expect(error.Code).toBe('MissingParameter')
  expect(error.Message).toContain('"RegionId"')
  const put = await fetch(cloud.url, { method: 'PUT' })
  expect(((await put.json()) as Record<string, string>).Code).toBe('UnsupportedHTTPMethod')
})

test('refuses keys and signatures that are not right', async () => {
  const { canary } = cloud.keys
  expect(await regions({ key: { ...canary, accessKeyId: 'LTAI5tNobody' } })).toBe('InvalidAccessKeyId.NotFound')
  expect(await regions({ key: { ...canary, accessKeySecret: 'wrong' } })).toBe('SignatureDoesNotMatch')
  expect(await regions({ spoil: form => form.set('Timestamp', '2026-01-01T00:00:00Z') })).toBe(
    'InvalidTimeStamp.Expired',
  )
  expect(await regions({ spoil: form => form.append('RegionId', 'cn-beijing') })).toBe('SignatureDoesNotMatch')
  expect(await regions({ spoil: form => form.set('Signature', 'AAAA') })).toBe('IncompleteSignature')
  const another = cloud.keys.another()
  expect(await regions({ key: another })).toBe('OK')
  cloud.keys.disable(another.accessKeyId)
  expect(await regions({ key: another })).toBe('InvalidAccessKeyId.Inactive')
  // A form signed for POST is not one for GET.
  const form = signedForm('DescribeRegions', {}, { key: canary, url: cloud.url })
  const got = await fetch(`${cloud.url}/?${form}`)
  expect(((await got.json()) as Record<string, string>).Code).toBe('SignatureDoesNotMatch')
})

test('refuses requests that are not whole, or not of this API', async () => {
  const without = (name: string) => regions({ common: { [name]: undefined } })
  for (const name of ['Action', 'AccessKeyId', 'SignatureNonce', 'Timestamp', 'Version', 'SignatureMethod'])
    expect([name, await without(name)]).toEqual([name, `Missing${name}`])
  expect(await regions({ common: { Signature: undefined } })).toBe('MissingSignature')
  expect(await regions({ common: { SignatureMethod: 'HMAC-SHA256' } })).toBe('InvalidSignatureMethod')
  expect(await regions({ common: { SignatureVersion: '2.0' } })).toBe('InvalidSignatureVersion')
  expect(await regions({ common: { Version: '2016-04-28' } })).toBe('InvalidVersion')
  expect(await regions({ common: { Format: 'YAML' } })).toBe('InvalidParameter.Format')
  expect(await codeOf(cloud.ask('DescribeNothing'))).toBe('InvalidAction.NotFound')
  expect(await codeOf(cloud.ask('RunInstances', {}, { service: 'vpc' }))).toBe('InvalidAction.NotFound')
  expect(await codeOf(cloud.ask('DescribeInstances', { RegionId: 'cn-nowhere' }))).toBe('InvalidRegionId.NotFound')
  expect(await codeOf(cloud.ask('DescribeInstances', { ...R, Nonsense: 1 }, { counted: true }))).toBe(
    'UnsupportedParameter',
  )
  expect(cloud.complaints.at(-1)).toContain('"Nonsense"')
})

test('minds the clock, and nonces that come twice', async () => {
  expect(await regions({ aheadMs: 14 * 60_000 })).toBe('OK')
  expect(await regions({ aheadMs: 16 * 60_000 })).toBe('InvalidTimeStamp.Expired')
  expect(await regions({ aheadMs: -16 * 60_000 })).toBe('InvalidTimeStamp.Expired')
  expect(await regions({ common: { Timestamp: '2026-11-26 12:00:00' } })).toBe('InvalidTimeStamp.Format')
  cloud.clock.aheadMs = 20 * 60_000
  expect(await regions()).toBe('InvalidTimeStamp.Expired')
  expect(await regions({ aheadMs: 20 * 60_000 })).toBe('OK')
  const response = await fetch(cloud.url)
  expect(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now() - 20 * 60_000)).toBeLessThan(5000)
  cloud.clock.aheadMs = 0
  expect(await regions({ common: { SignatureNonce: 'once' } })).toBe('OK')
  expect(await regions({ common: { SignatureNonce: 'once' } })).toBe('SignatureNonceUsed')
})

test('gives keys for a while, and refuses them without their token or after their time', async () => {
  const key = cloud.keys.temporary({ ttlS: 60 })
  expect(await regions({ key })).toBe('OK')
  expect(await regions({ key, common: { SecurityToken: undefined } })).toBe('MissingSecurityToken')
  expect(await regions({ key, common: { SecurityToken: 'x' } })).toBe('InvalidSecurityToken.MismatchWithAccessKey')
  expect(await regions({ key: cloud.keys.temporary({ ttlS: -1 }) })).toBe('InvalidSecurityToken.Expired')

  const assume = (role: string, more = {}) =>
    cloud.ask<{ Credentials: Record<string, string> }>(
      'AssumeRole',
      { RoleArn: `acs:ram::1234567890123456:role/${role}`, RoleSessionName: 'test', ...more },
      { service: 'sts', counted: true },
    )
  expect(await codeOf(assume('nobody'))).toBe('EntityNotExist.Role')
  expect(await codeOf(assume('machine-role', { DurationSeconds: 60 }))).toBe('InvalidParameter')
  const { Credentials: given } = await assume('machine-role')
  const assumed = {
    accessKeyId: given.AccessKeyId ?? '',
    accessKeySecret: given.AccessKeySecret ?? '',
    securityToken: given.SecurityToken ?? '',
  }
  expect(await regions({ key: assumed })).toBe('OK')
})

test('the metadata service gives the role of an instance, with a token or without', async () => {
  const path = '/latest/meta-data/ram/security-credentials/'
  const get = (url: string, token?: string) =>
    fetch(cloud.metadataUrl + url, token ? { headers: { 'X-aliyun-ecs-metadata-token': token } } : {})
  expect(await (await get(path)).text()).toBe('machine-role')
  cloud.metadata.tokenRequired = true
  expect((await get(path)).status).toBe(403)
  const headers = { 'X-aliyun-ecs-metadata-token-ttl-seconds': '60' }
  const token = await (await fetch(`${cloud.metadataUrl}/latest/api/token`, { method: 'PUT', headers })).text()
  const given = (await (await get(`${path}machine-role`, token)).json()) as Record<string, string>
  expect(given.Code).toBe('Success')
  const key = {
    accessKeyId: given.AccessKeyId ?? '',
    accessKeySecret: given.AccessKeySecret ?? '',
    securityToken: given.SecurityToken ?? '',
  }
  expect(await regions({ key })).toBe('OK')
  cloud.metadata.role = undefined
  expect((await get(path, token)).status).toBe(404)
  expect((await get(path, 'nonsense')).status).toBe(403)
})

test('denies what the account may not, and slows down who asks too often', async () => {
  cloud.deny('ecs:DescribeRegions', 'DescribeZones')
  expect(await regions()).toBe('Forbidden.RAM')
  expect(await codeOf(cloud.ask('DescribeZones', R, { counted: true }))).toBe('Forbidden.RAM')
  cloud.allow('ecs:DescribeRegions', 'DescribeZones')
  expect(await regions()).toBe('OK')
  cloud.quotas.callsPerSecond = 3
  const codes = []
  for (let i = 0; i < 6; i++) codes.push(await regions())
  expect(codes).toContain('Throttling.User')
  cloud.quotas.callsPerSecond = Number.POSITIVE_INFINITY
})

test('faults: by count, by zone, before an effect and after it', async () => {
  const place = await findPlace(cloud)
  const twice = cloud.faults.add({ action: 'DescribeRegions', nth: 2, gives: 'throttle' })
  expect([await regions(), await regions(), await regions()]).toEqual(['OK', 'Throttling.User', 'OK'])
  expect(twice.hits).toBe(1)
  cloud.faults.clear()
  const run = (more = {}) => codeOf(cloud.ask('RunInstances', { ...place.launch, ...more }, { counted: true }))
  cloud.faults.add({ action: 'RunInstances', zone: place.zone, type: 'ecs.g6.large', gives: 'noStock' })
  expect(await run({ InstanceType: 'ecs.g6.large' })).toBe('OperationDenied.NoStock')
  expect(await run({ InstanceType: 'ecs.g6.large', DryRun: true })).toBe('DryRunOperation')
  cloud.faults.clear()
  cloud.faults.add({ action: 'DescribeRegions', gives: { code: 'ServiceBusy', message: 'busy', status: 503 } })
  await expect(cloud.ask('DescribeRegions', {}, { counted: true })).rejects.toMatchObject({
    code: 'ServiceBusy',
    status: 503,
  })
  cloud.faults.clear()
  for (const gives of ['drop', 'html502'] as const) {
    cloud.faults.add({ action: /^Describe/, gives })
    await expect(cloud.ask('DescribeRegions', {}, { counted: true })).rejects.toThrow()
    expect(cloud.calls.at(-1)?.code).toBe({ drop: 'Dropped', html502: 'Html502' }[gives])
    // Questions by the side are spared.
    expect(await codeOf(cloud.ask('DescribeRegions'))).toBe('OK')
    cloud.faults.clear()
  }
  const before = cloud.instances().length
  cloud.faults.add({ action: 'RunInstances', nth: 1, gives: 'lost-answer' })
  await expect(cloud.ask('RunInstances', { ...place.launch, ClientToken: 't1' }, { counted: true })).rejects.toThrow()
  expect(cloud.calls.at(-1)?.code).toBe('LostAnswer')
  expect(await run({ ClientToken: 't1' })).toBe('OK')
  expect(cloud.instances().length).toBe(before + 1)
  cloud.faults.add({ action: 'RunInstances', nth: 1, gives: 'error500-after-effect' })
  expect(await run()).toBe('InternalError')
  expect(cloud.instances().length).toBe(before + 2)
  cloud.faults.clear()
})

test('kills at a call, before its effect or after it; and keeps no secrets', async () => {
  const killed: string[] = []
  const create = () => cloud.ask('CreateVpc', R, { service: 'vpc', counted: true })
  const vpcs = () => cloud.left().filter(thing => thing.startsWith('vpc')).length
  const before = vpcs()
  cloud.killAt(2, 'before', () => void killed.push('before'))
  expect(await codeOf(create())).toBe('OK')
  await expect(create()).rejects.toThrow('fetch failed')
  expect(cloud.calls.at(-1)).toMatchObject({ action: 'CreateVpc', code: 'Killed' })
  expect([killed, vpcs(), cloud.killed]).toEqual([['before'], before + 1, true])
  cloud.killAt(1, 'after', () => void killed.push('after'))
  await create()
  expect([killed, vpcs()]).toEqual([['before', 'after'], before + 2])
  await codeOf(cloud.ask('RunInstances', { ...R, InstanceType: 'x', Password: 'Secret-123' }, { counted: true }))
  const record = JSON.stringify(cloud.calls)
  expect(record).toContain('"Password":"(set)"')
  for (const secret of ['Secret-123', cloud.keys.canary.accessKeySecret, '"Signature":', '"SecurityToken":'])
    expect(record).not.toContain(secret)
})

test('tells callers their address', async () => {
  const ask = async () => (await (await fetch(cloud.checkUrl)).text()).trim()
  expect(await ask()).toBe('127.0.0.1')
  cloud.check.answer = '192.0.2.7'
  expect(await ask()).toBe('192.0.2.7')
  expect(cloud.check.asked).toBe(2)
})
