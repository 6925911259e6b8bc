/**
 * As whom the driver comes: every source of credentials, and that keys are kept nowhere, said nowhere and on no command line,
 * also where things fail. (A run that ends well is searched in aliyun-life.test.ts.)
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { type AliyunCloud, type Key, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import type { Home, Ran } from '../kit/cli.ts'
import { launchedBy } from './cloud-launches.ts'
import { startWholeHome } from './cloud-life.ts'
import { filesWith, holds, tracesOf, type Watch, watchCommandLines } from './key-canary.ts'

jest.setTimeout(120_000)
const launched = launchedBy('aliyunecs')
type Env = Record<string, string | undefined>
const NONE = { ECS_ACCESS_KEY_ID: undefined, ECS_ACCESS_KEY_SECRET: undefined }
const NO_CREDENTIALS =
  'aliyunecs driver requires the --aliyunecs-access-key-id option, or other credentials: there are none in the environment, in ~/.aliyun/config.json or from an instance RAM role'
const ROLE = 'acs:ram::1234567890123456:role/machine-role'

describe('credentials of aliyunecs', () => {
  let cloud: AliyunCloud
  let home: Home
  let watch: Watch
  let ofProfile: Key
  let temporary: Key
  /** Every key the cloud gave, those for a while too. */
  const given: Key[] = []
  const said: string[] = []
  beforeAll(async () => {
    cloud = await startAliyun({ delays: QUICK })
    const give = cloud.keys.temporary
    Object.assign(cloud.keys, {
      temporary(...options: Parameters<typeof give>) {
        const key = give(...options)
        given.push(key)
        return key
      },
    })
    home = await startWholeHome({ ...cloud.env, MACHINE_ALIYUNECS_METADATA_URL: 'http://127.0.0.1:1' })
    ofProfile = cloud.keys.another()
    temporary = cloud.keys.temporary()
    given.push(cloud.keys.canary, ofProfile)
    const keys = { access_key_id: ofProfile.accessKeyId, access_key_secret: ofProfile.accessKeySecret }
    const profiles = [
      { name: 'ak', mode: 'AK', ...keys },
      {
        name: 'sts',
        mode: 'StsToken',
        access_key_id: temporary.accessKeyId,
        access_key_secret: temporary.accessKeySecret,
        sts_token: temporary.securityToken,
      },
      { name: 'arn', mode: 'RamRoleArn', ...keys, ram_role_arn: ROLE, ram_session_name: 'tests', expired_seconds: 900 },
      { name: 'chain', mode: 'ChainableRamRoleArn', source_profile: 'ak', ram_role_arn: ROLE },
      { name: 'ecs', mode: 'EcsRamRole', ram_role_name: 'machine-role' },
    ]
    mkdirSync(join(home.path, '.aliyun'))
    writeFileSync(join(home.path, '.aliyun/config.json'), JSON.stringify({ current: 'ak', profiles }))
    watch = watchCommandLines(tracesOf(given))
  })
  afterAll(async () => {
    watch?.[Symbol.dispose]()
    await home?.[Symbol.asyncDispose]()
    await cloud?.[Symbol.asyncDispose]()
  })

  const note = <T extends Pick<Ran, 'stdout' | 'stderr'>>(ran: T): T => {
    said.push(ran.stdout, ran.stderr)
    return ran
  }
  const machine = async (env: Env, ...args: string[]) => note(await home.cliWith({ env }, ...args))
  const removed = async (env: Env, name: string) =>
    expect(await machine(env, 'rm', '-y', name)).toMatchObject({ code: 0 })
  /** Makes one, asks for its state, removes it. */
  const lives = async (name: string, env: Env, ...flags: string[]) => {
    note((await launched(home, name, flags, env)).ran)
    expect((await machine(env, 'status', name)).stdout).toBe('Running\n')
    await removed(env, name)
  }
  afterEach(() => {
    expect([cloud.left(), cloud.complaints]).toEqual([[], []])
  })
  const inside = () => ({ ...NONE, MACHINE_ALIYUNECS_METADATA_URL: cloud.metadataUrl })
  const calls = (action: string) => cloud.calls.filter(call => call.action === action)

  test('the environment, temporary keys with their token, and the names other tools have for it', async () => {
    const names = [
      ['ECS_ACCESS_KEY_ID', 'ECS_ACCESS_KEY_SECRET', 'ECS_SECURITY_TOKEN'],
      ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'ALIBABA_CLOUD_SECURITY_TOKEN'],
      ['ALIYUN_ACCESS_KEY_ID', 'ALIYUN_ACCESS_KEY_SECRET', 'ALIYUN_SECURITY_TOKEN'],
      ['ALICLOUD_ACCESS_KEY', 'ALICLOUD_SECRET_KEY', 'ALICLOUD_SECURITY_TOKEN'],
    ] as const
    const { accessKeyId, accessKeySecret, securityToken } = temporary
    await Promise.all([
      lives('lasting', {}),
      ...names.map(([id, secret, token], i) =>
        lives(`env${i}`, { ...NONE, [id]: accessKeyId, [secret]: accessKeySecret, [token]: securityToken }),
      ),
    ])
  })

  test.each([
    ['ak', 'sts'],
    ['arn', 'chain'],
  ])('profiles %s and %s, named by flag or by variable', async (...profiles) => {
    const both = profiles.flatMap(profile => [
      // By the flag it is on record, so that later commands find it.
      lives(`flag-${profile}`, NONE, `--aliyunecs-profile=${profile}`),
      lives(`env-${profile}`, { ...NONE, ALIBABA_CLOUD_PROFILE: profile }),
    ])
    await Promise.all(both)
  })

  test('roles are asked for as their profile says', () => {
    expect(calls('AssumeRole').map(call => call.parameters)).toContainEqual({
      RoleArn: ROLE,
      RoleSessionName: 'tests',
      DurationSeconds: 900,
    })
    expect(calls('AssumeRole').every(call => call.method === 'POST' && call.code === 'OK')).toBe(true)
  })

  test('the current profile, where none is named', async () => await lives('current', NONE))

  test('a role is asked for again where STS throttles, or the clock is wrong', async () => {
    const env = { ...NONE, ALIBABA_CLOUD_PROFILE: 'arn' }
    const throttled = cloud.faults.add({ action: 'AssumeRole', nth: 1, gives: 'throttle' })
    await lives('throttled', env)
    expect(throttled.hits).toBe(1)
    cloud.faults.clear()
    cloud.clock.aheadMs = -20 * 60_000
    const { ran } = await launched(home, 'clock', [], env)
    expect(note(ran).stderr).toContain("warning: the clock of this computer is 20 minutes ahead of Alibaba Cloud's")
    await removed(env, 'clock')
    cloud.clock.aheadMs = 0
  })

  test.each([
    ['as its profile has it', () => ({ ...inside(), ALIBABA_CLOUD_PROFILE: 'ecs' })],
    ['without a profile', () => ({ ...inside(), ALIBABA_CLOUD_CONFIG_FILE: '/nonexistent' })],
  ])('the RAM role of the instance one is on, %s, also where it wants a token', async (_, env) => {
    await lives('inside', env())
    cloud.metadata.tokenRequired = true
    await lives('hardened', env())
    cloud.metadata.tokenRequired = false
    expect(cloud.metadata.asked).toContain('PUT /latest/api/token')
  })

  test('none at all', async () => {
    const env = { ...NONE, ALIBABA_CLOUD_CONFIG_FILE: '/nonexistent' }
    expect(await machine(env, 'create', '-d', 'aliyunecs', 'none')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `Running pre-create checks...
Error with pre-create check: "${NO_CREDENTIALS}"
  → set ECS_ACCESS_KEY_ID and ECS_ACCESS_KEY_SECRET
  → or name a profile with --aliyunecs-profile or ALIBABA_CLOUD_PROFILE (\`aliyun configure\` makes one)
  → or run on an ECS instance that has a RAM role
`,
    })
  })

  test('keys typed as flags serve this command alone, and it says so', async () => {
    const env = { ...NONE, ALIBABA_CLOUD_CONFIG_FILE: '/nonexistent' }
    const key = cloud.keys.another() // on a command line by the person's own wish
    const flags = [
      `--aliyunecs-access-key-id=${key.accessKeyId}`,
      `--aliyunecs-access-key-secret=${key.accessKeySecret}`,
    ]
    const { ran, driver } = await launched(home, 'typed', flags, env)
    expect(ran.stderr).toContain(
      'What was given with --aliyunecs-access-key-id and --aliyunecs-access-key-secret is kept nowhere: for later commands set ECS_ACCESS_KEY_ID and ECS_ACCESS_KEY_SECRET',
    )
    expect(Object.keys(driver)).not.toContain('AccessKey')
    expect(filesWith(tracesOf([key]), home.path)).toEqual([])
    expect(holds(tracesOf([key]), ran.stdout + ran.stderr)).toBe(false)
    for (const args of [['status'], ['stop'], ['ip'], ['rm', '-y']])
      expect(await machine(env, ...args, 'typed')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(NO_CREDENTIALS),
      })
    await removed({}, 'typed')
  })

  test('runs that fail, told as much as can be', async () => {
    const failing: [string[], () => void][] = [
      [[], () => cloud.deny('DescribeVpcs')],
      [[], () => cloud.deny('RunInstances')],
      [
        [],
        () =>
          void cloud.faults.add({
            action: 'RunInstances',
            gives: {
              code: 'SignatureDoesNotMatch',
              message: `Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3D${cloud.keys.canary.accessKeyId}`,
            },
          }),
      ],
      [['--aliyunecs-retries=0'], () => void cloud.faults.add({ action: 'ImportKeyPair', gives: 'drop' })],
      [['--aliyunecs-retries=0'], () => void cloud.faults.add({ action: 'DescribeVpcs', gives: 'html502' })],
      [['--aliyunecs-instance-type=ecs.gigantic.large'], () => {}],
    ]
    for (const [i, [flags, breakIt]] of failing.entries()) {
      breakIt()
      for (const format of ['text', 'json']) {
        const name = `bad${i}${format}`
        const ran = await machine({}, '--debug', '--log-format', format, 'create', '-d', 'aliyunecs', ...flags, name)
        expect([name, ran.code > 0, ran.stderr.includes('credentials from environment')]).toEqual([name, true, true])
      }
      cloud.allow('DescribeVpcs', 'RunInstances')
      cloud.faults.clear()
    }
    for (const secret of ['wrong', `${cloud.keys.canary.accessKeySecret}x`])
      expect(
        (await machine({ ECS_ACCESS_KEY_SECRET: secret }, '--debug', 'create', '-d', 'aliyunecs', 'bad')).code,
      ).toBe(3)
    const names = (await home.ok('ls', '-q')).trim().split('\n')
    expect(names.length).toBe(5)
    for (const name of names) await machine({}, '--debug', 'inspect', name)
    expect(await machine({}, '--debug', 'rm', '-y', ...names)).toMatchObject({ code: 0 })
  })

  test('of all these keys there is no trace: in no file, in nothing that was said, on no command line, in no URL', () => {
    const traces = tracesOf(given)
    expect(given.length).toBeGreaterThan(8)
    expect(said.join('').length).toBeGreaterThan(5000)
    expect(holds(traces, said.join('\n'))).toBe(false)
    expect(filesWith(traces, home.path, [join(home.path, '.aliyun/config.json')])).toEqual([])
    // It would be found: the file they stand in is.
    expect(filesWith(traces, home.path)).toEqual([join(home.path, '.aliyun/config.json')])
    expect([watch.seen > 10, watch.found]).toEqual([true, []])
    expect([...new Set(cloud.calls.map(call => call.method))]).toEqual(['POST']) // so nothing was in a query
  })
})
