/** Calls to the API, against one on loopback: answered, repeated, given up, stopped; and nothing of the keys in any error. */
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Access } from '../../../../drivers/amazonec2/access.ts'
import { connect } from '../../../../drivers/amazonec2/api.ts'
import { providerCode } from '../../../../drivers/cloud/failure.ts'
import type { MachineEvent } from '../../../../src/events.ts'
import { failing, type LoopbackApi, loopbackApi, vpcs } from './loopback-api.ts'

const KEYS = {
  AWS_ACCESS_KEY_ID: 'ASIACANARYCANARY0001',
  AWS_SECRET_ACCESS_KEY: 'CANARYsecretCANARYsecret',
  AWS_SESSION_TOKEN: 'CANARYtokenCANARYtoken',
}
const LIMITS = { connectMs: 500, tryMs: 400, callMs: 5000 }

let api: LoopbackApi
let said: MachineEvent[]
beforeEach(async () => {
  api = await loopbackApi()
  said = []
})
afterEach(async () => {
  await api[Symbol.asyncDispose]()
})

const open = (access: Partial<Access> = {}, signal = new AbortController().signal) =>
  connect(
    { region: 'us-east-1', endpoint: api.url, retries: 2, ...access },
    { env: { ...KEYS }, signal, say: event => void said.push(event) },
    LIMITS,
  )

/** What the call threw; checks that no key is anywhere in it. */
async function thrownBy(work: Promise<unknown>): Promise<Error & { code?: string; suggestions?: string[] }> {
  const error = await work.then(
    () => undefined,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(Error)
  for (let at = error; at !== undefined; at = at.cause) {
    expect(inspect(at, { depth: 20, showHidden: true, getters: true })).not.toMatch(/CANARY/)
    expect(`${at.stack}${JSON.stringify(at)}`).not.toMatch(/CANARY/)
  }
  expect(JSON.stringify(said)).not.toMatch(/CANARY/)
  return error
}

test('a call is signed, says what it wants, and its answer is read', async () => {
  api.answer(vpcs('vpc-1'))
  const ec2 = await open()
  expect(ec2).toMatchObject({ region: 'us-east-1', partition: 'aws' })
  const { Vpcs } = await ec2.call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })
  expect(Vpcs?.[0]?.VpcId).toBe('vpc-1')
  const [first] = api.asked
  expect(Object.fromEntries(first?.params ?? [])).toMatchObject({
    Action: 'DescribeVpcs',
    'Filter.1.Name': 'is-default',
    'Filter.1.Value.1': 'true',
  })
  expect(first?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=ASIACANARYCANARY0001\/\d{8}\/us-east-1\/ec2\//,
  )
  expect(first?.headers['x-amz-security-token']).toBe(KEYS.AWS_SESSION_TOKEN)
})

test('one client serves all calls of a command', async () => {
  api.answer(vpcs('vpc-1'))
  const env = { ...KEYS }
  const ctx = { env, signal: new AbortController().signal, say: (event: MachineEvent) => void said.push(event) }
  for (let i = 0; i < 3; i++) await connect({ region: 'us-east-1', endpoint: api.url }, ctx)
  expect(said.filter(e => e.type === 'debug' && e.text.startsWith('EC2 of us-east-1'))).toHaveLength(1)
})

describe('repeated', () => {
  test.each([
    ['throttling', failing('RequestLimitExceeded', 'Request limit exceeded.', 503)],
    ['an error of the service', failing('InternalError', 'An internal error has occurred', 500)],
    ['a broken connection', { instead: 'break' } as const],
    ['an answer that never comes', { instead: 'hang' } as const],
    ['an answer that stops half-way', { instead: 'half', body: '<DescribeVpcs' } as const],
    ['an answer of a proxy in between', { status: 502, body: '<html>Bad Gateway</html>' }],
  ])('%s, then success', async (_, answer) => {
    api.answer(answer, vpcs('vpc-1'))
    const { Vpcs } = await (await open()).call('DescribeVpcs', {})
    expect(Vpcs?.[0]?.VpcId).toBe('vpc-1')
    expect(api.asked).toHaveLength(2)
    expect(said.some(e => e.type === 'debug' && /^DescribeVpcs: .*again in \d+ ms/.test(e.text))).toBe(true)
  })
  test('as often as --amazonec2-retries says, and no more', async () => {
    api.answer(failing('InternalError', 'An internal error has occurred', 500))
    const error = await thrownBy((await open()).call('DescribeVpcs', {}))
    expect(api.asked).toHaveLength(3)
    expect(error).toMatchObject({ code: 'EC2_SERVICE', message: 'EC2 in us-east-1 failed at DescribeVpcs' })
  })
  test('not at all with -1', async () => {
    api.answer(failing('RequestLimitExceeded', 'Request limit exceeded.', 503))
    const error = await thrownBy((await open({ retries: -1 })).call('DescribeVpcs', {}))
    expect(api.asked).toHaveLength(1)
    expect(error).toMatchObject({ code: 'EC2_THROTTLED' })
  })
  test('not when the answer is no, whatever its status', async () => {
    api.answer(
      failing('InsufficientInstanceCapacity', 'There is no Spot capacity available that matches your request.', 500),
    )
    const error = await thrownBy((await open()).call('RunInstances', { MinCount: 1, MaxCount: 1 }))
    expect(api.asked).toHaveLength(1)
    expect(error).toMatchObject({ code: 'EC2_CAPACITY' })
  })
})

describe('given up', () => {
  test('an answer that never comes, at the deadline', async () => {
    api.answer({ instead: 'hang' })
    const began = Date.now()
    const error = await thrownBy((await open({ retries: -1 })).call('RunInstances', { MinCount: 1, MaxCount: 1 }))
    expect(Date.now() - began).toBeLessThan(1500)
    expect(error).toMatchObject({
      code: 'EC2_UNREACHABLE',
      message: expect.stringMatching(/did not answer RunInstances in time/),
    })
  })
  test('nobody at the address', async () => {
    const ec2 = await open({ retries: -1, endpoint: 'http://127.0.0.1:9' })
    const error = await thrownBy(ec2.call('DescribeVpcs', {}))
    expect(error.message).toBe('the EC2 API at 127.0.0.1:9 refuses connections')
  })
  test('an interrupted call ends at once with the reason, however long the service takes', async () => {
    api.answer({ instead: 'hang' })
    const stop = new AbortController()
    const call = (await open({}, stop.signal)).call('DescribeVpcs', {})
    setTimeout(() => stop.abort(new Error('interrupted (SIGINT)')), 50)
    const began = Date.now()
    await expect(call).rejects.toThrow('interrupted (SIGINT)')
    expect(Date.now() - began).toBeLessThan(250)
  })
  test('and so does one that waits to be repeated', async () => {
    api.answer(failing('RequestLimitExceeded', 'Request limit exceeded.', 503))
    const stop = new AbortController()
    const call = (await open({ retries: 50 }, stop.signal)).call('DescribeVpcs', {})
    setTimeout(() => stop.abort(new Error('interrupted (SIGINT)')), 50)
    await expect(call).rejects.toThrow('interrupted (SIGINT)')
  })
})

describe('DryRun', () => {
  test('is allowed when EC2 says it would have been', async () => {
    api.answer(failing('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412))
    await (await open()).allowed('CreateSecurityGroup', { GroupName: 'g', Description: 'd' })
    expect(api.asked[0]?.params.get('DryRun')).toBe('true')
  })
  test('and throws what it would have met', async () => {
    api.answer(failing('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403))
    const error = await thrownBy((await open()).allowed('RunInstances', { MinCount: 1, MaxCount: 1 }))
    expect(error).toMatchObject({
      code: 'EC2_PERMISSION',
      message: 'these credentials are not allowed to call ec2:RunInstances',
    })
    expect(providerCode(error)).toBe('UnauthorizedOperation')
  })
})

describe('the clock', () => {
  const late = (minutes: number) => ({ date: new Date(Date.now() + minutes * 60_000).toUTCString() })
  test('that is wrong is set by the answer, once, and that is told', async () => {
    api.answer(failing('RequestExpired', 'Request has expired.', 400, late(17)), vpcs('vpc-1'))
    await (await open()).call('DescribeVpcs', {})
    expect(said).toContainEqual({ type: 'warn', text: "the clock of this computer is 17 minutes behind AWS's" })
    expect(api.asked).toHaveLength(2)
  })
  test('and where that does not help, the difference is said', async () => {
    api.answer(failing('RequestExpired', 'Request has expired.', 400, late(-180)))
    const error = await thrownBy((await open()).call('DescribeVpcs', {}))
    expect(error).toMatchObject({
      code: 'EC2_CLOCK',
      message: "the clock of this computer is 3 hours ahead of AWS's, so AWS refuses what it signs",
    })
  })
  test('is right: then the keys have expired', async () => {
    api.answer(failing('RequestExpired', 'Request has expired.', 400, late(0)))
    const error = await thrownBy((await open()).call('DescribeVpcs', {}))
    expect(error).toMatchObject({
      code: 'EC2_CREDENTIALS',
      message: 'the temporary credentials (environment) have expired',
    })
    expect(api.asked).toHaveLength(1)
  })
})

test('AWS quotes the headers it was signed with, and none of them gets out', async () => {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n' +
    `The Canonical String for this request should have been\n'POST\n/\n\nhost:ec2\nx-amz-security-token:${KEYS.AWS_SESSION_TOKEN}'`
  api.answer(failing('SignatureDoesNotMatch', message, 403))
  const error = await thrownBy((await open()).call('DescribeVpcs', {}))
  expect(error).toMatchObject({
    code: 'EC2_CREDENTIALS',
    message: 'the secret access key does not belong to the access key id (environment)',
  })
  expect((error.cause as Error).message).toMatch(/service documentation for details\.$/)
})
