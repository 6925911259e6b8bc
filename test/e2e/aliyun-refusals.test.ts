/**
 * What a create says when it cannot be, all of it: bad input, what is not there, and each failure Alibaba Cloud answers with.
 * Nothing is made by what fails before the create.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { generateKeyPair } from '../../src/ssh/keys.ts'
import { type AliyunCloud, startAliyun } from '../kit/aliyun/cloud.ts'
import { QUICK } from '../kit/aliyun/delays.ts'
import { findPlace } from '../kit/aliyun/first-steps.ts'
import { PUBLIC_KEY } from '../kit/aliyun/public-key.ts'
import { type Home, type Ran, startHome } from '../kit/cli.ts'
import { foreignNetwork } from './aliyun-store.ts'
import { expectRefused, flagWords, readRefusals, saidBefore } from './refusals.ts'

jest.setTimeout(120_000)
const CASES = readRefusals('aliyun-refusals.txt')
const FAILURES = readRefusals('aliyun-failures.txt')

const profilesOf = ({ accessKeyId, accessKeySecret }: AliyunCloud['keys']['canary']) => ({
  current: 'default',
  profiles: [
    { name: 'sso', mode: 'CloudSSO' },
    { name: 'empty', mode: 'AK', access_key_id: '' },
    { name: 'chained', mode: 'ChainableRamRoleArn', source_profile: 'nobody' },
    {
      name: 'role',
      mode: 'RamRoleArn',
      access_key_id: accessKeyId,
      access_key_secret: accessKeySecret,
      ram_role_arn: 'acs:ram::1234567890123456:role/nobody',
    },
  ],
})

let cloud: AliyunCloud
let home: Home
let ids: Record<string, string>
beforeAll(async () => {
  cloud = await startAliyun({ delays: QUICK })
  home = await startHome(cloud.env)
  const [place, theirs, key, ed25519] = await Promise.all([
    findPlace(cloud),
    foreignNetwork(cloud),
    generateKeyPair('rsa', 'key'),
    generateKeyPair('ed25519', 'ed25519'),
  ])
  const RegionId = cloud.region
  await cloud.ask('ImportKeyPair', { RegionId, KeyPairName: 'other', PublicKeyBody: PUBLIC_KEY })
  // So that the pre-check can ask for a dry run, which needs a group.
  await cloud.ask('CreateSecurityGroup', { RegionId, VpcId: place.vpcId, SecurityGroupName: 'docker-machine' })
  const empty = { RegionId, CidrBlock: '10.8.0.0/16' }
  const { VpcId } = await cloud.ask<{ VpcId: string }>('CreateVpc', empty, { service: 'vpc' })
  ids = {
    image: 'ubuntu_24_04_x64_20G_alibase_20260916.vhd',
    default: place.vpcId,
    here: place.vswitchId,
    vpc: theirs.flags['vpc-id'],
    vswitch: theirs.vSwitchId,
    empty: VpcId,
  }
  cloud.markFresh()
  const file = (name: string, text: string) => writeFileSync(join(home.path, name), text, { mode: 0o600 })
  file('key', key.privatePem)
  file('ed25519', ed25519.privatePem)
  file('public.pem', key.publicLine)
  file('big', `#!/bin/sh\n${Array.from({ length: 6000 }, (_, i) => Math.sin(i)).join('\n')}`)
  mkdirSync(join(home.path, '.aliyun'))
  file('.aliyun/config.json', JSON.stringify(profilesOf(cloud.keys.canary)))
})
afterAll(async () => {
  await home?.[Symbol.asyncDispose]()
  await cloud?.[Symbol.asyncDispose]()
})

const masked = ({ stdout, stderr, ...ran }: Ran): Ran => ({
  ...ran,
  stdout,
  stderr: stderr.replace(/RequestId [0-9A-F]{8}-[0-9A-F-]{27}/g, 'RequestId ID'),
})
const create = async (flags: string, env: Record<string, string | undefined> = {}) =>
  masked(
    await home.cliWith({ env, cwd: home.path }, 'create', '-d', 'aliyunecs', ...flagWords('aliyunecs', flags), 'web'),
  )
/** A text of the table in this cloud. */
const here = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name) => ids[name] ?? whole)
const nothingMade = async () => {
  expect(await home.ok('ls', '-q')).toBe('')
  expect([cloud.left(), cloud.complaints]).toEqual([[], []])
}

test('what cannot be, and what is not there', async () => {
  expect(CASES.length).toBeGreaterThan(45)
  await expectRefused(CASES, flags => create(here(flags)), { here })
  await nothingMade()
})

test('each failure of Alibaba Cloud: one sentence, one remedy, the RequestId', async () => {
  expect(FAILURES.length).toBeGreaterThan(20)
  const refused = async (answer: string) => {
    const [, action = '', status, code = '', message = ''] = /^(\w+) (\d+) ([\w.]+): (.*)$/.exec(answer) ?? []
    const gives = { code, message, status: Number(status) }
    const rule = cloud.faults.add({ action, dryRun: action === 'RunInstances', gives })
    const ran = await create('--retries=0 --zone cn-hangzhou-b --instance-type ecs.g5.large')
    rule.remove()
    expect([answer, rule.hits]).toEqual([answer, 1])
    return ran
  }
  await expectRefused(FAILURES, refused, { atOnce: 1 })
  await nothingMade()
})

test('words of a list, and numbers, are refused before the driver is asked', async () => {
  expect(await create('--image windows')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^--aliyunecs-image cannot be "windows"\n {2}→ use one of: ubuntu-24.04, /),
  })
  expect(await create('--disk-size big')).toMatchObject({
    code: 2,
    stderr: '--aliyunecs-disk-size wants a whole number, not "big"\n',
  })
  const ownEndpoint = { ECS_ENDPOINT: undefined, ECS_REGION: undefined }
  expect(await create('--region cn-hangzhou-b', ownEndpoint)).toEqual(
    saidBefore(2, '"cn-hangzhou-b" is no Alibaba Cloud region', [
      '  → it is a zone: give --aliyunecs-region cn-hangzhou and --aliyunecs-zone cn-hangzhou-b',
    ]),
  )
})
