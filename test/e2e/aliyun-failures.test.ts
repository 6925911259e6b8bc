/**
 * What a person is told when Alibaba Cloud, or what lies before it, fails; and that machines which came to a bad end are removed
 * whole. (The text of each of its answers is in aliyun-refusals.test.ts.)
 */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { type Home, startHome } from '../kit/cli.ts'
import { runDoomed } from '../kit/cloud/doomed.ts'
import { launchedBy } from './cloud-launches.ts'
import { saidBefore } from './refusals.ts'

jest.setTimeout(120_000)
const launched = launchedBy('aliyunecs')
const ONCE = ['--aliyunecs-retries=0']

describe('failures of Alibaba Cloud', () => {
  let cloud: AliyunCloud
  let home: Home
  beforeAll(async () => {
    cloud = await startAliyun({ delays: QUICK, defaultVpc: false })
    home = await startHome(cloud.env)
  })
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })
  afterEach(async () => {
    cloud.faults.clear()
    cloud.check.answer = 'caller'
    cloud.clock.aheadMs = 0
    expect([cloud.left(), cloud.complaints]).toEqual([[], []])
    expect(await home.ok('ls', '-q')).toBe('')
  })

  const create = async (flags: readonly string[] = [], env: Record<string, string | undefined> = {}) => {
    const ran = await home.cliWith({ env }, 'create', '-d', 'aliyunecs', ...flags, 'web')
    return { ...ran, stderr: ran.stderr.replace(/RequestId [0-9A-F]{8}-[0-9A-F-]{27}/g, 'RequestId ID') }
  }
  const refused = (text: string, ...hints: string[]) =>
    saidBefore(
      3,
      text,
      hints.map(hint => `  → ${hint}`),
    )
  const host = () => new URL(cloud.url).host

  test('the check service is down: the flag that does without it is named', async () => {
    const hints = [
      'say who may reach the machine: --aliyunecs-allow-cidr 203.0.113.7/32',
      'or name another service that answers with it: --aliyunecs-check-url URL',
    ]
    const cannot = `the IPv4 address that this computer comes from cannot be found out at ${host()}`
    cloud.check.answer = { status: 503, text: 'no' }
    expect(await create()).toEqual(refused(`${cannot}: it answers with status 503`, ...hints))
    const asked = cloud.check.asked
    const { driver } = await launched(home, 'sure', ['--aliyunecs-allow-cidr=203.0.113.7'])
    expect(driver.InstanceId).toMatch(/^i-/)
    expect(cloud.check.asked).toBe(asked)
    await home.ok('rm', '-y', 'sure')
  })

  test('nothing answers, or something that is no such API', async () => {
    expect(await create(ONCE, { ECS_ENDPOINT: 'http://127.0.0.1:1' })).toEqual(
      refused(
        'the connection to 127.0.0.1:1 failed (DescribeInstanceTypes: ECONNREFUSED)',
        'does this computer reach the internet? try again',
      ),
    )
    expect(await create(ONCE, { ECS_ENDPOINT: cloud.vpcUrl })).toEqual(
      refused(
        `what answers at ${new URL(cloud.vpcUrl).host} does not know DescribeInstanceTypes: it is no such API (RequestId ID)`,
        'check --aliyunecs-api-endpoint, ECS_ENDPOINT and MACHINE_ALIYUNECS_VPC_ENDPOINT',
      ),
    )
    expect(await create(ONCE, { ECS_ENDPOINT: `${cloud.url}/check-address` })).toEqual(
      refused(
        `${host()} answers DescribeInstanceTypes with something else than the API does: what answers is no JSON: 127.0.0.1`,
        'try again; is it a proxy or a login page that answers?',
      ),
    )
  })

  test('their own trouble is told as such, and passes when it passes', async () => {
    const trouble = [
      [
        'html502',
        `${new URL(cloud.vpcUrl).host} answers DescribeVpcs with something else than the API does: what answers is no JSON: 502 Bad Gateway`,
        'try again; is it a proxy or a login page that answers?',
      ],
      [
        'error500',
        'Alibaba Cloud in cn-hangzhou failed at DescribeVpcs (RequestId ID)',
        'it may have trouble: status.alibabacloud.com tells; try again',
      ],
      [
        'drop',
        `the connection to ${new URL(cloud.vpcUrl).host} failed (DescribeVpcs: ECONNRESET)`,
        'does this computer reach the internet? try again',
      ],
    ] as const
    for (const [gives, text, hint] of trouble) {
      const always = cloud.faults.add({ action: 'DescribeVpcs', gives })
      expect(await create(ONCE)).toEqual(refused(text, hint))
      always.remove()
      const first = cloud.faults.add({ action: 'DescribeVpcs', nth: 1, gives })
      await launched(home, gives)
      expect(first.hits).toBe(1)
      await home.ok('rm', '-y', gives)
    }
  })

  test('a clock that is wrong is told, and made up for', async () => {
    for (const [minutes, word] of [
      [20, 'behind'],
      [-20, 'ahead of'],
    ] as const) {
      cloud.clock.aheadMs = minutes * 60_000
      const name = `clock${minutes < 0 ? 'ahead' : 'behind'}`
      const { ran } = await launched(home, name)
      expect(ran.stderr.split('\n').filter(line => line.includes('clock'))).toEqual([
        `warning: the clock of this computer is 20 minutes ${word} Alibaba Cloud's: timedatectl set-ntp true sets it`,
      ])
      cloud.clock.aheadMs = 0
      await home.ok('rm', '-y', name)
    }
  })

  test('nothing left in any zone: each is told, what was made is on record, and rm takes it away', async () => {
    const rule = cloud.faults.add({ action: 'RunInstances', gives: 'noStock' })
    const flags = ['--aliyunecs-instance-type=ecs.g5.large', '--aliyunecs-zone=cn-hangzhou-b,cn-hangzhou-g']
    expect(await create(flags)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Running pre-create checks...
Preparing certificates...
Creating machine...
the zone has no instance of this type and kind left (RequestId ID); trying the next
Error creating machine: Error in driver during machine creation: the zone has no instance of this type and kind left (RequestId ID); nor could the other one be had
  → name further types (--aliyunecs-instance-type a,b) or zones (--aliyunecs-zone a,b), or another region
  → what was made so far is recorded: machine rm web removes it
  → machine create --resume … web goes on (machine provision web, once the host runs)
`,
    })
    expect(rule.hits).toBe(2)
    expect(cloud.left().map(thing => thing.split(' ')[0])).toEqual([
      'key-pair',
      'security-group',
      'vswitch',
      'vswitch',
      'vpc',
    ])
    expect(await home.cli('status', 'web')).toMatchObject({ code: 4, stdout: 'Not Found\n' })
    const began = performance.now()
    await home.ok('rm', '-y', 'web')
    expect(performance.now() - began).toBeLessThan(15_000) // it does not wait for an instance that ECS refused
  })

  test('an instance that vanishes while it is made counts as none left: the next type is tried', async () => {
    cloud.stock.lateNone('*', 'ecs.g5.large')
    cloud.delays.pending = 1500 // it is seen before
    const flags = ['--aliyunecs-instance-type=ecs.g5.large,ecs.g6.large', '--aliyunecs-zone=cn-hangzhou-b']
    const ran = await runDoomed(home, cloud, ['create', '-d', 'aliyunecs', ...flags, 'web'])
    cloud.delays.pending = 0
    cloud.stock.some('*', 'ecs.g5.large')
    expect(ran.text).toContain('vanished while it was made: the zone has none left; trying the next\n')
    expect(await home.ok('inspect', '-f', '{{.Driver.InstanceType}}', 'web')).toBe('ecs.g6.large\n')
    await home.ok('rm', '-y', 'web')
  })

  test('no more elastic addresses: what was made goes with rm', async () => {
    cloud.quotas.eips = 0
    const ran = await create(['--aliyunecs-eip'])
    cloud.quotas.eips = 20
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      'the account may have no more elastic addresses in cn-hangzhou (RequestId ID)\n  → release some, or leave --aliyunecs-eip out',
    )
    expect(await home.cli('rm', '-y', 'web')).toMatchObject({ code: 0 })
  })

  test('one that somebody released is Not Found, and goes whole', async () => {
    const { driver } = await launched(home, 'web')
    cloud.takeAway(String(driver.InstanceId))
    await cloud.settled()
    expect(await home.cli('status', 'web')).toMatchObject({ code: 4, stdout: 'Not Found\n' })
    expect((await home.cli('rm', '-y', 'web')).stderr).toContain('Successfully removed web\n')
  })

  test('rm without a permission says which, keeps the record, and works when it is there', async () => {
    await launched(home, 'web')
    cloud.deny('DeleteInstance')
    const ran = await home.cli('rm', '-y', 'web')
    cloud.allow('DeleteInstance')
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toContain('this AccessKey is not allowed to call ecs:DeleteInstance')
    expect(await home.ok('ls', '-q')).toBe('web\n')
    await home.ok('rm', '-y', 'web')
  })

  test('rm of one that is protected says so, and works when that is lifted', async () => {
    const { driver } = await launched(home, 'web')
    const protect = (DeletionProtection: boolean) =>
      cloud.ask('ModifyInstanceAttribute', { InstanceId: String(driver.InstanceId), DeletionProtection })
    await protect(true)
    const ran = await home.cli('rm', '-y', 'web')
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('is protected against being released')])
    await protect(false)
    await home.ok('rm', '-y', 'web')
  })
})
