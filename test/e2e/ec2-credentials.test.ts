/**
 * As whom the driver comes: every source of credentials, and that keys are kept nowhere, said nowhere and on no command line,
 * also where things fail. (A run that ends well is searched in ec2-life.test.ts.)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import type { Home, Ran } from '../kit/cli.ts'
import { type Ec2Cloud, type Key, startEc2, whyNoMoto } from '../kit/ec2/cloud.ts'
import { startImds } from '../kit/ec2/imds.ts'
import { converse } from '../kit/pty.ts'
import { startWholeHome } from './cloud-life.ts'
import { launched } from './ec2-launches.ts'
import { filesWith, holds, tracesOf, type Watch, watchCommandLines } from './key-canary.ts'

jest.setTimeout(120_000)
const why = whyNoMoto()
const suite = why ? describe.skip : describe
const NONE = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined }
const NO_CREDENTIALS =
  'amazonec2 driver requires AWS credentials, and there are none in the environment, in a profile or from an instance role'

suite(why ? `credentials of amazonec2 [${why}]` : 'credentials of amazonec2', () => {
  let cloud: Ec2Cloud
  let home: Home
  let ofProfile: Key
  let temporary: Key
  let traces: string[]
  let watch: Watch
  const said: string[] = []
  beforeAll(async () => {
    cloud = await startEc2({ delays: { pending: 50, stopping: 50, shuttingDown: 50 } })
    home = await startWholeHome({ ...cloud.env, AWS_ENDPOINT_URL_STS: cloud.url })
    mkdirSync(join(home.path, '.aws'))
    ofProfile = cloud.keys.another()
    temporary = cloud.keys.temporary()
    writeFileSync(
      join(home.path, '.aws/config'),
      `[profile keys]
aws_access_key_id = ${ofProfile.accessKeyId}
aws_secret_access_key = ${ofProfile.secretAccessKey}
[profile role]
role_arn = arn:aws:iam::123456789012:role/builder
source_profile = keys
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/with-mfa
mfa_serial = arn:aws:iam::123456789012:mfa/me
source_profile = keys
`,
    )
    traces = tracesOf([cloud.keys.canary, ofProfile, temporary])
    watch = watchCommandLines(traces)
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
  const machine = async (env: Record<string, string | undefined>, ...args: string[]) =>
    note(await home.cliWith({ env }, ...args))
  const removed = async (env: Record<string, string | undefined>, name: string) => {
    expect(await machine(env, 'rm', '-y', name)).toMatchObject({ code: 0 })
    expect(await cloud.left()).toEqual([])
  }
  const byProfile = (profile: string) => ({ ...NONE, AWS_PROFILE: profile })

  test('the environment, and temporary keys with their token', async () => {
    const keys = {
      AWS_ACCESS_KEY_ID: temporary.accessKeyId,
      AWS_SECRET_ACCESS_KEY: temporary.secretAccessKey,
      AWS_SESSION_TOKEN: temporary.sessionToken,
    }
    note((await launched(home, 'env', [], keys)).ran)
    expect((await machine({}, 'status', 'env')).stdout).toBe('Running\n')
    await removed(keys, 'env')
  })

  test('a profile, named by variable or by flag: the flag is on record, so later commands find it', async () => {
    note((await launched(home, 'named', ['--amazonec2-profile=keys'], NONE)).ran)
    expect((await machine(NONE, 'status', 'named')).stdout).toBe('Running\n')
    await removed(NONE, 'named')
    note((await launched(home, 'role', [], byProfile('role'))).ran)
    expect(cloud.calls.some(call => call.service === 'sts' && call.action === 'AssumeRole')).toBe(true)
    expect(await machine(NONE, 'status', 'role')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(NO_CREDENTIALS),
    })
    await removed(byProfile('role'), 'role')
  })

  test('a second factor is asked for on a terminal, once a command; a wrong one is told', async () => {
    note((await launched(home, 'mfa', ['--amazonec2-profile=keys'], NONE)).ran)
    const asDeveloper = join(home.store, 'machines/mfa/config.json')
    writeFileSync(asDeveloper, readFileSync(asDeveloper, 'utf8').replace('"Profile": "keys"', '"Profile": "mfa"'))
    const options = { cwd: home.path, env: { ...home.env, ...NONE } }
    const command = (args: string) => `${process.execPath} ${join(import.meta.dirname, '../../bin/machine')} ${args}`
    const question = 'MFA code of arn:aws:iam::123456789012:mfa/me'
    const wrong = await converse(command('status mfa'), [[question, '000000']], options)
    expect(wrong.code).toBe(1)
    expect(wrong.shown).toContain('AWS does not take this MFA code')
    const right = await converse(command('rm -y mfa'), [[question, '123456']], options)
    expect([right.code, right.shown.split(question).length]).toEqual([0, 2])
    expect(right.shown).toContain('Successfully removed mfa')
    said.push(wrong.shown, right.shown)
    expect(await cloud.left()).toEqual([])
  })

  test('the role of the instance one is on', async () => {
    await using imds = await startImds(cloud)
    note((await launched(home, 'inside', [], { ...imds.env })).ran)
    expect(imds.asked).toContain('/latest/api/token')
    await removed({ ...imds.env }, 'inside')
  })

  test('keys typed as flags serve this command alone, and it says so', async () => {
    const key = cloud.keys.another() // on a command line by the person's own wish
    const flags = [`--amazonec2-access-key=${key.accessKeyId}`, `--amazonec2-secret-key=${key.secretAccessKey}`]
    const { ran, driver } = await launched(home, 'typed', flags, NONE)
    expect(ran.stderr).toContain(
      'What was given with --amazonec2-access-key and --amazonec2-secret-key is kept nowhere: for later commands set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    )
    expect(Object.keys(driver)).not.toContain('AccessKey')
    expect([filesWith(tracesOf([key]), home.path), holds(tracesOf([key]), ran.stdout + ran.stderr)]).toEqual([
      [],
      false,
    ])
    for (const verb of ['status', 'stop', 'ip'])
      expect(await machine(NONE, verb, 'typed')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining(NO_CREDENTIALS),
      })
    expect((await machine(NONE, 'ls')).stdout).toContain(NO_CREDENTIALS)
    expect(await machine(NONE, 'rm', '-y', 'typed')).toMatchObject({
      code: 1,
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
            gives: { code: 'AuthFailure', message: 'AWS was not able to validate the provided access credentials' },
          }),
      ],
      [['--amazonec2-retries=0'], () => void cloud.faults.add({ action: 'ImportKeyPair', gives: 'drop' })],
      [['--amazonec2-retries=0'], () => void cloud.faults.add({ action: 'DescribeImages', gives: 'html502' })],
      [['--amazonec2-instance-type=t3.gigantic'], () => {}],
    ]
    for (const [i, [flags, breakIt]] of failing.entries()) {
      breakIt()
      for (const format of ['text', 'json']) {
        const name = `bad${i}${format}`
        const ran = await machine({}, '--debug', '--log-format', format, 'create', '-d', 'amazonec2', ...flags, name)
        expect([name, ran.code > 0, ran.stderr.includes('credentials from environment')]).toEqual([name, true, true])
      }
      cloud.allow('DescribeVpcs', 'RunInstances')
      cloud.faults.clear()
    }
    for (const secret of ['wrong', `${cloud.keys.canary.secretAccessKey}x`])
      expect(
        (await machine({ AWS_SECRET_ACCESS_KEY: secret }, '--debug', 'create', '-d', 'amazonec2', 'bad')).code,
      ).toBe(3)
    const names = (await home.ok('ls', '-q')).trim().split('\n')
    expect(names.length).toBe(4)
    for (const name of names) await machine({}, '--debug', 'inspect', name)
    expect(await machine({}, '--debug', 'rm', '-y', ...names)).toMatchObject({ code: 0 })
    expect(await cloud.left()).toEqual([])
  })

  test('of all these keys there is no trace: in no file, in nothing that was said, on no command line', () => {
    expect(said.join('').length).toBeGreaterThan(5000)
    expect(holds(traces, said.join('\n'))).toBe(false)
    expect(filesWith(traces, home.path, [join(home.path, '.aws/config')])).toEqual([])
    // It would be found: the file they stand in is.
    expect(filesWith(traces, home.path)).toEqual([join(home.path, '.aws/config')])
    expect(watch.seen).toBeGreaterThan(10)
    expect(watch.found).toEqual([])
  })
})
