/** The way to the API, against a loopback one: what is sent, what is said again, what may be seen of a failure. */
import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { expect, test } from '@jest/globals'
import { connect } from '../../../../drivers/aliyunecs/api.ts'
import type { MachineEvent } from '../../../../src/events.ts'
import { type Asked, type LoopbackApi, loopbackApi } from '../amazonec2/loopback-api.ts'

const SECRET = 'CANARYsecret'
const LIMITS = { connectMs: 2000, tryMs: 400, callMs: 20_000 }

async function linked(
  api: LoopbackApi,
  { retries = 3, env = {} as Record<string, string>, signal = new AbortController().signal } = {},
) {
  const events: MachineEvent[] = []
  const all = {
    ECS_ACCESS_KEY_ID: 'LTAIcanary',
    ECS_ACCESS_KEY_SECRET: SECRET,
    ECS_ENDPOINT: api.url,
    MACHINE_ALIYUNECS_VPC_ENDPOINT: api.url,
    MACHINE_ALIYUNECS_STS_ENDPOINT: api.url,
    HOME: '/nonexistent',
    ...env,
  }
  const ctx = { env: all, signal, say: (event: MachineEvent) => void events.push(event) }
  return { ecs: await connect({ retries }, ctx, LIMITS), events }
}

const refusing = (Code: string, Message = 'no', status = 400, headers = {}) => ({
  status,
  headers,
  body: JSON.stringify({ Code, Message, RequestId: 'R-7', HostId: 'h' }),
})
const ok = (body: object = {}) => ({ body: JSON.stringify({ RequestId: 'R-1', ...body }) })

/** The signature as Alibaba Cloud documents it, worked out anew. */
function signatureOf({ params }: Asked): string {
  const enc = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const rest = [...params].filter(([name]) => name !== 'Signature').sort(([a], [b]) => (a < b ? -1 : 1))
  const query = rest.map(([name, value]) => `${enc(name)}=${enc(value)}`).join('&')
  return createHmac('sha1', `${SECRET}&`)
    .update(`POST&%2F&${enc(query)}`)
    .digest('base64')
}

test('a signed POST, with nothing of it in the URL', async () => {
  await using api = await loopbackApi()
  api.answer(ok({ Instances: { Instance: [{ InstanceId: 'i-1' }] } }))
  const { ecs } = await linked(api)
  const seen = await ecs.call('DescribeInstances', { Tag: [{ Key: 'k v', Value: "a*b'(c)~" }] })
  expect(seen).toEqual({ RequestId: 'R-1', Instances: { Instance: [{ InstanceId: 'i-1' }] } })
  const [asked] = api.asked as [Asked]
  expect(asked.path).toBe('/')
  expect(Object.fromEntries(asked.params)).toMatchObject({
    Action: 'DescribeInstances',
    Version: '2014-05-26',
    RegionId: 'cn-hangzhou',
    'Tag.1.Key': 'k v',
    AccessKeyId: 'LTAIcanary',
    SignatureMethod: 'HMAC-SHA1',
  })
  expect(asked.params.get('Signature')).toBe(signatureOf(asked))
})

test('a region goes where there is such a parameter, a version with its product', async () => {
  await using api = await loopbackApi()
  api.answer(ok())
  const { ecs } = await linked(api)
  await ecs.call('StartInstance', { InstanceId: 'i-1' })
  await ecs.call('DescribeVpcs', {})
  expect(api.asked.map(a => [a.params.get('RegionId'), a.params.get('Version')])).toEqual([
    [null, '2014-05-26'],
    ['cn-hangzhou', '2016-04-28'],
  ])
})

test.each([
  ['throttling', refusing('Throttling.User')],
  ['a busy service', refusing('ServiceUnavailable', 'x', 503)],
  ['a page that is no JSON', { status: 502, body: '<html>Bad Gateway</html>' }],
  ['a broken connection', { instead: 'break' as const }],
  ['no answer', { instead: 'hang' as const }],
  ['an error without a code', { status: 500, body: '{}' }],
])('%s is tried again, with another nonce', async (_, answer) => {
  await using api = await loopbackApi()
  api.answer(answer, ok({ VpcId: 'vpc-1' }))
  const { ecs } = await linked(api)
  await ecs.call('CreateVpc', { CidrBlock: '10.0.0.0/16', VpcName: 'x', ClientToken: 'T' })
  const [first, second] = api.asked as [Asked, Asked]
  expect(api.asked).toHaveLength(2)
  expect(second.params.get('ClientToken')).toBe('T')
  expect(second.params.get('SignatureNonce')).not.toBe(first.params.get('SignatureNonce'))
})

test.each(['OperationDenied.NoStock', 'Forbidden.RAM', 'InvalidAccessKeyId.NotFound'])('%s is not', async code => {
  await using api = await loopbackApi()
  api.answer(refusing(code, 'no', code.startsWith('Op') ? 500 : 403))
  const { ecs } = await linked(api)
  await expect(ecs.call('DescribeVpcs', {})).rejects.toThrow('(RequestId R-7)')
  expect(api.asked).toHaveLength(1)
})

test('it ends at the number of retries, and never begins another with -1', async () => {
  await using api = await loopbackApi()
  api.answer(refusing('ServiceUnavailable', 'x', 503))
  const { ecs } = await linked(api, { retries: -1 })
  await expect(ecs.call('DescribeVpcs', {})).rejects.toMatchObject({ code: 'ECS_SERVICE' })
  expect(api.asked).toHaveLength(1)
})

test("with a clock that is wrong it signs with the provider's time, says so once, and goes on", async () => {
  await using api = await loopbackApi()
  const date = new Date(Date.now() + 20 * 60_000).toUTCString()
  api.answer(
    refusing('InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.', 400, { date }),
    ok(),
  )
  const { ecs, events } = await linked(api)
  await ecs.call('DescribeVpcs', {})
  await ecs.call('DescribeVpcs', {})
  const times = api.asked.map(a => Date.parse(a.params.get('Timestamp') ?? '') - Date.now())
  expect(times.map(ms => Math.round(Math.abs(ms) / 60_000))).toEqual([0, 20, 20])
  const warnings = events.flatMap(event => (event.type === 'warn' ? [event.text] : []))
  expect(warnings).toEqual([expect.stringContaining("the clock of this computer is 20 minutes behind Alibaba Cloud's")])
})

test('Ctrl-C is heard at once', async () => {
  await using api = await loopbackApi()
  api.answer({ instead: 'hang' })
  const abort = new AbortController()
  const { ecs } = await linked(api, { signal: abort.signal })
  const began = Date.now()
  setTimeout(() => abort.abort(new Error('stop')), 50)
  await expect(ecs.call('DescribeVpcs', {})).rejects.toThrow('stop')
  expect(Date.now() - began).toBeLessThan(350)
})

test('nothing secret is in what is thrown or told', async () => {
  await using api = await loopbackApi()
  const env = { ECS_SECURITY_TOKEN: 'CANARYtoken' }
  const toSign = `Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DLTAIcanary%26SecurityToken%3DCANARYtoken`
  api.answer(refusing('SignatureDoesNotMatch', toSign), refusing('Odd', `see ${SECRET}`), { instead: 'break' })
  for (let i = 0; i < 3; i++) {
    const { ecs, events } = await linked(api, { retries: 1, env })
    const error = await ecs.call('DescribeVpcs', {}).catch(thrown => thrown)
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/CANARY|LTAIcanary/)
    expect(inspect(events, { depth: 20 })).not.toMatch(/CANARY|LTAIcanary/)
  }
  expect(api.asked.every(a => a.params.get('SecurityToken') === 'CANARYtoken')).toBe(true)
})

test('DryRunOperation is a yes', async () => {
  await using api = await loopbackApi()
  const input = { InstanceName: 'web', ImageId: 'm', InstanceType: 't', SecurityGroupId: 'sg', VSwitchId: 'vsw' }
  api.answer(
    refusing('DryRunOperation', 'Request validation has been passed with DryRun flag set.'),
    refusing('OperationDenied.NoStock'),
  )
  const { ecs } = await linked(api)
  await ecs.mayRun(input)
  expect(api.asked[0]?.params.get('DryRun')).toBe('true')
  await expect(ecs.mayRun(input)).rejects.toMatchObject({ code: 'ECS_CAPACITY' })
})
