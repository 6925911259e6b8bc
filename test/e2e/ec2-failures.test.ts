/**
 * What a person is told when EC2, or what lies before it, fails; and that machines which came to a bad end are removed whole.
 */
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type Home, startHome } from '../kit/cli.ts'
import { type Ec2Cloud, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { launched } from './ec2-launches.ts'
import { saidBefore } from './refusals.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()
const suite = why ? describe.skip : describe

suite(why ? `failures of EC2 [${why}]` : 'failures of EC2', () => {
  let cloud: Ec2Cloud
  let home: Home
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 50, stopping: 50, shuttingDown: 50 } })
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
    cloud.quotas.vcpus = 64
    expect(await cloud.left()).toEqual([])
    expect(await home.ok('ls', '-q')).toBe('')
  })

  const create = (flags: readonly string[] = [], env: Record<string, string | undefined> = {}) =>
    home.cliWith({ env }, 'create', '-d', 'amazonec2', ...flags, 'web')
  const before = (text: string, ...hints: string[]) =>
    saidBefore(
      3,
      text,
      hints.map(hint => `  → ${hint}`),
    )
  const ONCE = ['--amazonec2-retries=0']
  const host = () => new URL(cloud.url).host

  test('the check service is down: the flag that does without it is named', async () => {
    const hints = [
      'say who may reach the machine: --amazonec2-allow-cidr 203.0.113.7/32',
      'or name another service that answers with it: --amazonec2-check-url URL',
    ]
    const cannot = `the IPv4 address that this computer comes from cannot be found out at ${host()}`
    cloud.check.answer = { status: 503, text: 'no' }
    expect(await create()).toEqual(before(`${cannot}: it answers with status 503`, ...hints))
    cloud.check.answer = { status: 200, text: '<html>Sign in to this network</html>' }
    expect(await create()).toEqual(before(`${cannot}: what it answers is no address`, ...hints))
    const asked = cloud.check.asked
    const { driver } = await launched(home, 'sure', ['--amazonec2-allow-cidr=203.0.113.7'])
    expect(driver.InstanceId).toMatch(/^i-/)
    expect(cloud.check.asked).toBe(asked)
    await home.ok('rm', '-y', 'sure')
  })

  test('nothing answers, or something that is no EC2', async () => {
    expect(await create(ONCE, { AWS_ENDPOINT: 'http://127.0.0.1:1' })).toEqual(
      before('the EC2 API at 127.0.0.1:1 refuses connections', 'check --amazonec2-endpoint and AWS_ENDPOINT_URL'),
    )
    expect(await create(ONCE, { AWS_ENDPOINT: `${cloud.url}/check-address` })).toEqual(
      before(`what answers at ${host()} is no EC2 API`, 'check --amazonec2-endpoint and AWS_ENDPOINT_URL'),
    )
  })

  test('EC2’s own trouble is told as such, and passes when it passes', async () => {
    const trouble = [
      [
        'html502',
        'EC2 in eu-central-1 failed at DescribeVpcs',
        'AWS may have trouble: health.aws.amazon.com tells; try again',
      ],
      [
        'error500',
        'EC2 in eu-central-1 failed at DescribeVpcs',
        'AWS may have trouble: health.aws.amazon.com tells; try again',
      ],
      [
        'drop',
        `the connection to the EC2 API at ${host()} broke off during DescribeVpcs`,
        'try again; behind a proxy, set HTTPS_PROXY',
      ],
    ] as const
    for (const [gives, text, hint] of trouble) {
      const always = cloud.faults.add({ action: 'DescribeVpcs', gives })
      expect(await create(ONCE)).toEqual(before(text, hint))
      always.remove()
      const first = cloud.faults.add({ action: 'DescribeVpcs', nth: 1, gives })
      await launched(home, gives, [])
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
      const { ran } = await launched(home, name, [])
      expect(ran.stderr).toContain(`warning: the clock of this computer is 20 minutes ${word} AWS's\n`)
      cloud.clock.aheadMs = 0
      await home.ok('rm', '-y', name)
    }
  })

  test('a quota: told before anything is made, and no other zone is tried for it; another type is', async () => {
    cloud.quotas.vcpus = 0
    const rule = cloud.faults.add({ action: 'RunInstances', dryRun: true, type: 't3.micro', gives: 'vcpus' })
    expect(await create()).toEqual(
      before(
        'the account may run 0 vCPUs of this class of instance types in eu-central-1, and this would be more',
        'remove machines you no longer need, or have the quota "Running On-Demand instances" raised: Service Quotas → Amazon EC2, region eu-central-1',
        'or take a smaller --amazonec2-instance-type',
      ),
    )
    rule.remove()
    cloud.quotas.vcpus = 64
    const small = cloud.faults.add({ action: 'RunInstances', type: 't3.micro', gives: 'vcpus' })
    const { driver } = await launched(home, 'other', ['--amazonec2-instance-type=t3.micro,t3.small'])
    expect([driver.InstanceType, small.hits]).toEqual(['t3.small', 1])
    await home.ok('rm', '-y', 'other')
  })

  test('no room in any zone: each is told, what was made is on record, and rm takes it away', async () => {
    const rule = cloud.faults.add({ action: 'RunInstances', gives: 'capacity' })
    const ran = await create()
    expect(rule.hits).toBe(3)
    expect(ran).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Running pre-create checks...
Preparing certificates...
Creating machine...
AWS has no t3.micro left in zone eu-central-1a; trying the next
AWS has no t3.micro left in zone eu-central-1b; trying the next
Error creating machine: Error in driver during machine creation: AWS has no t3.micro left in zone eu-central-1a; nor could any of the 2 others be had
  → name further types (--amazonec2-instance-type a,b) or zones, or try again in a few minutes
  → what was made so far is recorded: machine rm web removes it
  → machine create --resume … web goes on (machine provision web, once the host runs)
`,
    })
    expect(await cloud.left()).toEqual([
      expect.stringMatching(/^key-pair web-/),
      expect.stringMatching(/ docker-machine$/),
    ])
    expect(await home.cli('status', 'web')).toMatchObject({ code: 4, stdout: 'Not Found\n' })
    const began = performance.now()
    await home.ok('rm', '-y', 'web')
    expect(performance.now() - began).toBeLessThan(15_000) // it does not wait for an instance that EC2 refused
  })

  test('one that somebody terminated is Not Found, and goes whole', async () => {
    const { driver } = await launched(home, 'web', ['--amazonec2-termination-protection'])
    const id = String(driver.InstanceId)
    const refused = await cloud.boto<string>(`show(code(lambda: ec2.terminate_instances(InstanceIds=["${id}"])))`)
    expect(refused).toBe('OperationNotPermitted')
    await cloud.boto(
      `ec2.modify_instance_attribute(InstanceId="${id}", DisableApiTermination=dict(Value=False)); ec2.terminate_instances(InstanceIds=["${id}"])`,
    )
    await cloud.settled()
    expect(await home.cli('status', 'web')).toMatchObject({ code: 4, stdout: 'Not Found\n' })
    expect((await home.cli('rm', '-y', 'web')).stderr).toContain('Successfully removed web\n')
  })

  test('rm lifts the protection it set', async () => {
    await launched(home, 'web', ['--amazonec2-termination-protection'])
    expect(await home.cli('rm', '-y', 'web')).toMatchObject({ code: 0 })
  })

  test('rm without a permission says which, keeps the record, and works when it is there', async () => {
    await launched(home, 'web', [])
    cloud.deny('TerminateInstances')
    const ran = await home.cli('rm', '-y', 'web')
    cloud.allow('TerminateInstances')
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toContain('these credentials are not allowed to call ec2:TerminateInstances')
    expect(await home.ok('ls', '-q')).toBe('web\n')
    await home.ok('rm', '-y', 'web')
  })
})
